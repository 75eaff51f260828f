import { defineFeature } from '../define-feature.ts';
import { accountMails } from './account.mails.ts';
import { identityCommands } from './identity.commands.ts';
import { identityRoutes } from './identity.routes.ts';
import { registrationMails } from './registration.mails.ts';

/** People and their ways in. */
export const identityFeature = defineFeature({
  name: 'identity',
  module: 'authentication',
  routes: identityRoutes,
  mails: [...accountMails, ...registrationMails],
  commands: identityCommands,
});
