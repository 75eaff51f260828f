import { defineFeature } from '../define-feature.ts';
import { invitationMails } from './invitation.mails.ts';
import { memberMails } from './member.mails.ts';
import { memberRoutes } from './member.routes.ts';
import { memberCommands } from './members.commands.ts';
import { invitationRoutes } from './invitation.routes.ts';

/** Who belongs to a school, as what, and how they come to. */
export const membersFeature = defineFeature({
  name: 'members',
  module: 'authentication',
  routes: (services) => [...memberRoutes(services), ...invitationRoutes(services)],
  commands: memberCommands,
  mails: [...memberMails, ...invitationMails],
});
