import { defineFeature } from '../define-feature.ts';
import { currentTenantRoutes } from './current-tenant.routes.ts';

/** The school at this address: its theme for anyone, its description for its members, its colours for its administrators. */
export const currentTenantFeature = defineFeature({
  name: 'current-tenant',
  module: 'schools',
  routes: currentTenantRoutes,
});
