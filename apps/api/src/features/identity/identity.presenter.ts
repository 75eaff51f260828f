import type { Me, PlatformKey } from '@preau/contracts/identity';
import { PERMISSIONS, roleMay, type Permission } from '@preau/contracts/permissions';
import type { UserActor } from '../audit/index.ts';
import type { ApiKeyRow } from './api-key.repository.ts';

export const presentMe = (actor: UserActor): Me => ({
  id: actor.id,
  email: actor.label,
  full_name: actor.fullName,
  role: actor.role,
  permissions: (Object.keys(PERMISSIONS) as Permission[]).filter((permission) =>
    roleMay(actor.role, permission),
  ),
  tenant_id: actor.tenantId,
  session_expires_at: actor.expiresAt.toISOString(),
});

export const presentKey = (row: ApiKeyRow): PlatformKey => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  scopes: row.scopes,
  created_at: row.created_at.toISOString(),
  expires_at: row.expires_at?.toISOString() ?? null,
  last_used_at: row.last_used_at?.toISOString() ?? null,
});
