import type { PlatformKey } from '@preau/contracts/api-keys';
import type { ApiKeyRow } from './api-key.repository.ts';

export const presentKey = (row: ApiKeyRow): PlatformKey => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  scopes: row.scopes,
  created_at: row.created_at.toISOString(),
  expires_at: row.expires_at?.toISOString() ?? null,
  last_used_at: row.last_used_at?.toISOString() ?? null,
});
