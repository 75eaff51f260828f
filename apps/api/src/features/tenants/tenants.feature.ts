import { defineFeature } from '../define-feature.ts';
import { tenantCommands } from './tenant.commands.ts';
import { openingFigures } from './school-seed.ts';
import { tenantJobs } from './tenant.jobs.ts';
import { tenantRoutes } from './tenant.routes.ts';

/** Schools, from the platform's side: create, provision, change, close, archive, erase. */
export const tenantsFeature = defineFeature({
  name: 'tenants',
  routes: tenantRoutes,
  jobs: tenantJobs,
  seeds: [openingFigures],
  commands: tenantCommands,
});
