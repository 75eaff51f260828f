import { defineFeature } from '../define-feature.ts';
import { passkeyRoutes } from './passkey.routes.ts';
import { secondFactorCommands } from './second-factor.commands.ts';
import { secondFactorMails } from './second-factor.mails.ts';
import { secondFactorRoutes } from './second-factor.routes.ts';

/** What people prove besides their password. */
export const secondFactorFeature = defineFeature({
  name: 'second-factor',
  routes: (services) => [...secondFactorRoutes(services), ...passkeyRoutes(services)],
  mails: secondFactorMails,
  commands: secondFactorCommands,
});
