import { defineFeature } from '../define-feature.ts';
import { identityCommands } from './identity.commands.ts';
import { identityRoutes } from './identity.routes.ts';

/** People, their ways in, and API keys. */
export const identityFeature = defineFeature({
  name: 'identity',
  module: 'authentication',
  routes: identityRoutes,
  commands: identityCommands,
});
