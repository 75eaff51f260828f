import { defineFeature } from '../define-feature.ts';
import { eventFixtures } from './event.fixtures.ts';
import { eventRoutes } from './event.routes.ts';
import { feedRoutes } from './feed.routes.ts';

/** The agenda of a school. */
export const eventsFeature = defineFeature({
  name: 'events',
  module: 'agenda',
  fixtures: [eventFixtures],
  routes: (services) => [...eventRoutes(services), ...feedRoutes(services)],
});
