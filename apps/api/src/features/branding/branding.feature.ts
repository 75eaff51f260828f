import { defineFeature } from '../define-feature.ts';
import { brandingCommands } from './branding.commands.ts';
import { brandingRoutes } from './branding.routes.ts';

/** Colours of a school: draft, publication, history. */
export const brandingFeature = defineFeature({
  name: 'branding',
  module: 'schools',
  routes: brandingRoutes,
  commands: brandingCommands,
});
