import { defineFeature } from '../define-feature.ts';
import { currentTenantRoutes } from './current-tenant.routes.ts';
import { schoolSettingsRoutes } from './school-settings.routes.ts';

/** The school at this address: its theme for anyone, its description for its members, its settings for its administrators. */
export const currentTenantFeature = defineFeature({
  name: 'current-tenant',
  module: 'schools',
  routes: (services) => [...currentTenantRoutes(services), ...schoolSettingsRoutes(services)],
});
