import { defineFeature } from '../define-feature.ts';
import { announcementFixtures } from './announcement.fixtures.ts';
import { announcementJobs } from './announcement.jobs.ts';
import { announcementNotifications } from './announcement.notifications.ts';
import { announcementRoutes } from './announcement.routes.ts';

/** News of the school for all its members. */
export const announcementsFeature = defineFeature({
  name: 'announcements',
  module: 'announcements',
  routes: announcementRoutes,
  jobs: announcementJobs,
  notifications: announcementNotifications,
  fixtures: [announcementFixtures],
});
