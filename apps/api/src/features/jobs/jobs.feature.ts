import { defineFeature } from '../define-feature.ts';
import { jobCommands } from './job.commands.ts';
import { jobRoutes } from './job.routes.ts';

/** Long-running work, and watching it. */
export const jobsFeature = defineFeature({ name: 'jobs', routes: jobRoutes, commands: jobCommands });
