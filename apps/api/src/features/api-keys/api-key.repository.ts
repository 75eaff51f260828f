import type { Permission } from '@preau/contracts/permissions';
import type { CentralTrx } from '@preau/tenancy';

export interface ApiKeyRow {
  id: string;
  /** Null: a key of the platform. */
  tenant_id: string | null;
  /** The first of the keys that took one another's place. */
  lineage: string;
  name: string;
  prefix: string;
  secret_hash: Buffer;
  scopes: Permission[];
  allowed_addresses: string[];
  created_at: Date;
  created_by: string | null;
  expires_at: Date | null;
  last_used_at: Date | null;
}

/** A key with the address of its school's host. */
export interface UsableKey extends ApiKeyRow {
  host: string | null;
}

const COLUMNS =
  'k.id, k.tenant_id, coalesce(k.lineage, k.id) AS lineage, k.name, k.prefix, k.secret_hash, k.scopes, k.allowed_addresses, ' +
  'k.created_at, k.created_by, k.expires_at, k.last_used_at';

/** The key of a prefix, unless revoked or expired. */
export async function findUsableKey(trx: CentralTrx, prefix: string): Promise<UsableKey | undefined> {
  const { rows } = await trx.raw(
    `SELECT ${COLUMNS}, d.domain AS host FROM public.api_keys k
       LEFT JOIN public.domains d ON d.tenant_id = k.tenant_id AND d.is_primary
     WHERE k.prefix = ? AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())`,
    [prefix],
  );
  return rows[0];
}

/** Keys of a school, or of the platform (null), that are not revoked; newest first. */
export async function listKeys(trx: CentralTrx, tenantId: string | null): Promise<ApiKeyRow[]> {
  const { rows } = await trx.raw(
    `SELECT ${COLUMNS} FROM public.api_keys k
     WHERE k.revoked_at IS NULL AND k.tenant_id IS NOT DISTINCT FROM ?::uuid ORDER BY k.created_at DESC, k.id DESC`,
    [tenantId] as never,
  );
  return rows;
}

/** Keys of whomever, for operators. */
export async function listAllKeys(trx: CentralTrx): Promise<(ApiKeyRow & { subdomain: string | null })[]> {
  const { rows } = await trx.raw(
    `SELECT ${COLUMNS}, t.subdomain FROM public.api_keys k LEFT JOIN public.tenants t ON t.id = k.tenant_id
     WHERE k.revoked_at IS NULL ORDER BY k.tenant_id NULLS FIRST, k.created_at DESC`,
  );
  return rows;
}

export async function insertKey(
  trx: CentralTrx,
  key: Omit<ApiKeyRow, 'created_at' | 'last_used_at'>,
): Promise<ApiKeyRow> {
  const { rows } = await trx.raw(
    `INSERT INTO public.api_keys AS k
       (id, tenant_id, lineage, name, prefix, secret_hash, scopes, allowed_addresses, created_by, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING ${COLUMNS}`,
    [
      key.id,
      key.tenant_id,
      key.lineage,
      key.name,
      key.prefix,
      key.secret_hash,
      key.scopes as string[],
      key.allowed_addresses,
      key.created_by,
      key.expires_at,
    ] as never,
  );
  return rows[0];
}

/** A key of a school, or of the platform, that still works, locked. */
export async function lockKey(
  trx: CentralTrx,
  tenantId: string | null,
  id: string,
): Promise<ApiKeyRow | undefined> {
  const { rows } = await trx.raw(
    `SELECT ${COLUMNS} FROM public.api_keys k WHERE k.id = ? AND k.tenant_id IS NOT DISTINCT FROM ?::uuid
       AND k.revoked_at IS NULL FOR UPDATE`,
    [id, tenantId] as never,
  );
  return rows[0];
}

export async function endKeyAt(trx: CentralTrx, id: string, at: Date): Promise<void> {
  await trx.raw('UPDATE public.api_keys SET expires_at = ? WHERE id = ?', [at, id]);
}

export async function markRevoked(trx: CentralTrx, id: string): Promise<void> {
  await trx.raw('UPDATE public.api_keys SET revoked_at = now() WHERE id = ?', [id]);
}

export async function touchKey(trx: CentralTrx, id: string): Promise<void> {
  await trx.raw('UPDATE public.api_keys SET last_used_at = now() WHERE id = ?', [id]);
}
