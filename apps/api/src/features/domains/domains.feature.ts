import { defineFeature } from '../define-feature.ts';
import { domainCommands } from './domain.commands.ts';
import { domainJobs } from './domain.jobs.ts';
import { domainRoutes } from './domain.routes.ts';

/** Addresses of schools: below the base, and domains of their own. */
export const domainsFeature = defineFeature({
  name: 'domains',
  routes: domainRoutes,
  jobs: domainJobs,
  commands: domainCommands,
});
