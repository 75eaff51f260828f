export { createApiKeyService, type ApiKeyService } from './api-key.service.ts';
export {
  createInvitationService,
  makeInvitation,
  type InvitationService,
  type MadeInvitation,
} from './invitation.service.ts';
export { createSessionService, type SessionService } from './session.service.ts';
export { createSessionCookie, type SessionCookie } from './session-cookie.ts';
export { ensureSuperadmin, type FirstSuperadmin } from './superadmin.ts';
export { hashPassword } from './secrets.ts';
export { findUserByEmail, insertMembership, insertUser } from './user.repository.ts';
