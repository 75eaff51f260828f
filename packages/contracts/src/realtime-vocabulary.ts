/** What the browser needs of the contract of sockets, without the schemas. */

/** Where a school's sockets are opened, on its host. */
export const REALTIME_PATH = '/api/v1/realtime/';

/** Why the server closed a socket: the last it says on it. */
export const CLOSE_CODES = [
  'logged_out',
  'session_expired',
  'session_ended',
  'password_changed',
  'role_changed',
  'left_school',
  'support_ended',
  'second_factor_missing',
  'key_revoked',
  'tenant_inactive',
  'tenant_not_found',
  'too_many_messages',
  'too_many_sockets',
  'server_restart',
] as const;
export type CloseCode = (typeof CLOSE_CODES)[number];
