import { defineFeature } from '../define-feature.ts';
import { fleetCommands } from './fleet.commands.ts';
import { fleetJobs } from './fleet.jobs.ts';
import { fleetRoutes } from './fleet.routes.ts';

/** All schools' schemas together: migrations, where each is, and whether they are alike. */
export const fleetFeature = defineFeature({
  name: 'fleet',
  routes: fleetRoutes,
  jobs: fleetJobs,
  commands: fleetCommands,
});
