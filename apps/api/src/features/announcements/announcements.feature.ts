import { defineFeature } from '../define-feature.ts';
import { announcementRoutes } from './announcement.routes.ts';

/** News of the school for all its members. */
export const announcementsFeature = defineFeature({
  name: 'announcements',
  module: 'announcements',
  routes: announcementRoutes,
});
