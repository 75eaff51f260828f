import { defineFeature } from '../define-feature.ts';
import { notificationJobs } from './notification.jobs.ts';
import { notificationMails } from './notification.mails.ts';
import { notificationRoutes } from './notification.routes.ts';

/** What people of a school are told of. Which events those are, the features say that they happen in. */
export const notificationsFeature = defineFeature({
  name: 'notifications',
  routes: notificationRoutes,
  jobs: notificationJobs,
  mails: notificationMails,
});
