import { defineFeature } from '../define-feature.ts';
import { groupRoutes } from './group.routes.ts';
import { publicGroupRoutes } from './public-group.routes.ts';

/** Who belongs together: groups of a school, and groups across schools. */
export const groupsFeature = defineFeature({
  name: 'groups',
  routes: (services) => [...groupRoutes(services), ...publicGroupRoutes(services)],
});
