export {
  createInvitationService,
  makeInvitation,
  type InvitationService,
  type MadeInvitation,
} from './invitation.service.ts';
