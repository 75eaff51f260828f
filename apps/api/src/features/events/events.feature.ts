import { defineFeature } from '../define-feature.ts';
import { eventRoutes } from './event.routes.ts';
import { feedRoutes } from './feed.routes.ts';

/** The agenda of a school. */
export const eventsFeature = defineFeature({
  name: 'events',
  module: 'agenda',
  routes: (services) => [...eventRoutes(services), ...feedRoutes(services)],
});
