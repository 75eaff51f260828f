import { defineFeature } from '../define-feature.ts';
import { auditCommands } from './audit.commands.ts';
import { auditRoutes } from './audit.routes.ts';

/** What was done, by whom, and the proof that it is still what was written down. */
export const auditFeature = defineFeature({
  name: 'audit',
  routes: auditRoutes,
  commands: auditCommands,
});
