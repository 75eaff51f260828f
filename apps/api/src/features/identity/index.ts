export { createAccountService, type AccountService } from './account.service.ts';
export { handOver, userAgentOf } from './hand-over.ts';
export { presentMe } from './identity.presenter.ts';
export {
  createLogInService,
  type KnownPerson,
  type LogInAttempt,
  type LogInService,
  type SecondFactorCheck,
} from './log-in.service.ts';
export { createKnownDevices, type KnownDevices } from './known-device.ts';
export {
  assertLongEnough,
  createPasswordService,
  passwordLength,
  type PasswordService,
} from './password.service.ts';
export { createRegistrationService, type RegistrationService } from './registration.service.ts';
export { createSessionService, type OpenedSession, type SessionService } from './session.service.ts';
export { createSessionCookie, type SessionCookie } from './session-cookie.ts';
export { ensureSuperadmin, type FirstSuperadmin } from './superadmin.ts';
export { createPasswords, digest, hashPassword, newSecret, type Passwords } from './secrets.ts';
export { findUser } from './account.repository.ts';
export {
  activateMembership,
  countMember,
  findUserByEmail,
  insertMembership,
  insertPendingMembership,
  insertUser,
  membershipIn,
  roleIn,
  type Membership,
  type PersonRecord,
  type User,
} from './user.repository.ts';
