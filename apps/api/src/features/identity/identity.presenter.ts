import type { OwnSchool, OwnSession } from '@preau/contracts/accounts';
import type { Me } from '@preau/contracts/identity';
import { PERMISSIONS, type Permission } from '@preau/contracts/permissions';
import { mayDo, type UserActor } from '../audit/index.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import type { OwnSchoolRow, OwnSessionRow } from './account.read-model.ts';

export const presentMe = (actor: UserActor): Me => ({
  id: actor.id,
  email: actor.label,
  full_name: actor.fullName,
  role: actor.role,
  permissions: (Object.keys(PERMISSIONS) as Permission[]).filter((permission) => mayDo(actor, permission)),
  tenant_id: actor.tenantId,
  session_expires_at: actor.expiresAt.toISOString(),
  support: actor.support !== undefined,
  must_enrol: actor.mustEnrol,
});

export const presentSession = (row: OwnSessionRow, { sessionId }: UserActor): OwnSession => ({
  id: row.id,
  current: row.id === sessionId,
  school: row.tenant_id === null ? null : { id: row.tenant_id, name: row.school_name ?? '' },
  ip: row.ip,
  user_agent: row.user_agent,
  created_at: row.created_at.toISOString(),
  last_seen_at: row.last_seen_at.toISOString(),
  expires_at: row.expires_at.toISOString(),
});

export const presentSchool = (
  row: OwnSchoolRow,
  urlOf: (host: string) => string,
  here: TenantSnapshot | null,
): OwnSchool => ({
  id: row.id,
  name: row.name,
  school_type: row.school_type,
  status: row.status,
  role: row.role,
  url: urlOf(row.domain),
  primary_color: row.primary_color,
  logo_url: row.logo_url,
  current: row.id === here?.id,
});
