export {
  createInvitationService,
  makeInvitation,
  type InvitationService,
  type MadeInvitation,
} from './invitation.service.ts';
export { createMemberService, type MemberService } from './member.service.ts';
export { createInvitingService, type InvitingService } from './inviting.service.ts';
export type { RecordMoved } from './membership.repository.ts';
