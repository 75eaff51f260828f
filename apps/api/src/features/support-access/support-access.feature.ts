import { defineFeature } from '../define-feature.ts';
import { supportMails } from './support.mails.ts';
import { supportRoutes } from './support.routes.ts';

/** People of the platform in a school, by its leave and for some hours. */
export const supportAccessFeature = defineFeature({
  name: 'support-access',
  routes: supportRoutes,
  mails: supportMails,
});
