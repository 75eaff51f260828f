import { defineFeature } from '../define-feature.ts';
import { tenantImportCommands } from './tenant-import.commands.ts';
import { importJob } from './tenant-import.job.ts';
import { tenantImportRoutes } from './tenant-import.routes.ts';

/** Hundreds of schools from a file. */
export const tenantImportFeature = defineFeature({
  name: 'tenant-import',
  routes: tenantImportRoutes,
  jobs: [importJob],
  commands: tenantImportCommands,
});
