import { defineFeature } from '../define-feature.ts';
import { brandingCommands } from './branding.commands.ts';
import { brandingJobs } from './branding.jobs.ts';
import { brandingRoutes } from './branding.routes.ts';

/** The look of a school: draft, publication, history. */
export const brandingFeature = defineFeature({
  name: 'branding',
  module: 'schools',
  routes: brandingRoutes,
  jobs: brandingJobs,
  commands: brandingCommands,
});
