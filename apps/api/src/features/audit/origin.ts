import type { Role } from '@preau/contracts/vocabulary';
import {
  roleMay,
  schoolScopesAllow,
  scopesAllow,
  supportMay,
  type Permission,
} from '@preau/contracts/permissions';
import { AppError } from '../../platform/app-error.ts';

/** A school's leave for somebody of the platform, and who gave it. */
export interface SupportGrant {
  id: string;
  grantor: { id: string; label: string };
}

/** A person with a session: on the console (`tenantId` null) or in one school. */
export interface UserActor {
  type: 'user';
  id: string;
  label: string;
  fullName: string;
  role: Role;
  tenantId: string | null;
  sessionId: string;
  expiresAt: Date;
  /** Has to set up a second factor before anything else. */
  mustEnrol: boolean;
  /** Set while somebody of the platform is in a school by its leave. */
  support?: SupportGrant;
}

/** An API key, of the platform or of one school. */
export interface KeyActor {
  type: 'key';
  id: string;
  label: string;
  scopes: readonly Permission[];
  /** Null: a key of the platform. */
  tenantId: string | null;
  /** Shared by the keys that took one another's place. */
  lineage: string;
  /** Of its school, for a request that does not name one by its host. */
  host: string | null;
  /** Null: it goes on until it is revoked. */
  expiresAt?: Date | null;
}

export interface OtherActor {
  /** `operator`: the command line. `system`: the application by itself. `visitor`: nobody known. */
  type: 'operator' | 'system' | 'visitor';
  id: null;
  label: string;
}

export type Actor = UserActor | KeyActor | OtherActor;

/** Who asks, from where: what an audit row says of its cause. */
export interface Origin {
  actor: Actor;
  ip: string | null;
  requestId: string | null;
}

export const SYSTEM: Origin = {
  actor: { type: 'system', id: null, label: 'system' },
  ip: null,
  requestId: null,
};
export const OPERATOR: Origin = {
  actor: { type: 'operator', id: null, label: 'preau' },
  ip: null,
  requestId: null,
};

/** Whether the role or the key carries the permission. Consent and keys are not for who is in a school by its leave. */
export function mayDo(actor: Actor, permission: Permission): boolean {
  if (actor.type === 'key')
    return (actor.tenantId === null ? scopesAllow : schoolScopesAllow)(actor.scopes, permission);
  if (actor.type !== 'user' || !roleMay(actor.role, permission)) return false;
  return actor.support === undefined || supportMay(permission);
}

/** @throws AppError `permission_denied` unless the role or the key carries the permission. */
export function assertMay(actor: Actor, permission: Permission): void {
  if (!mayDo(actor, permission)) throw new AppError('permission_denied', { details: { permission } });
}
