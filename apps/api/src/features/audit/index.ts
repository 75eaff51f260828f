export { createAuditService, type AuditService } from './audit.service.ts';
export { auditCentral, auditTenant, type AuditEntry } from './audit.repository.ts';
export {
  assertMay,
  mayDo,
  OPERATOR,
  SYSTEM,
  type Actor,
  type KeyActor,
  type Origin,
  type SupportGrant,
  type UserActor,
} from './origin.ts';
