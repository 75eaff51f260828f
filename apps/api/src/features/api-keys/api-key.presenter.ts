import type { ApiKey, NewApiKey } from '@preau/contracts/api-keys';
import type { ApiKeyRow } from './api-key.repository.ts';
import type { MadeKey } from './api-key.service.ts';

export const presentKey = (row: ApiKeyRow): ApiKey => ({
  id: row.id,
  tenant_id: row.tenant_id,
  name: row.name,
  prefix: row.prefix,
  scopes: row.scopes,
  allowed_addresses: row.allowed_addresses,
  created_at: row.created_at.toISOString(),
  created_by: row.created_by,
  expires_at: row.expires_at?.toISOString() ?? null,
  last_used_at: row.last_used_at?.toISOString() ?? null,
});

export const presentMadeKey = ({ row, key, secret }: MadeKey): NewApiKey => ({
  ...presentKey(row),
  key,
  secret,
});
