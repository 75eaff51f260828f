import { defineFeature } from '../define-feature.ts';
import { apiKeyCommands } from './api-key.commands.ts';
import { apiKeyRoutes } from './api-key.routes.ts';

/** Programs and what they may do. */
export const apiKeysFeature = defineFeature({
  name: 'api-keys',
  routes: apiKeyRoutes,
  commands: apiKeyCommands,
});
