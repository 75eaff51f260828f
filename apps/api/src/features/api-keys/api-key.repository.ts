import type { Permission } from '@preau/contracts/permissions';
import type { CentralTrx } from '@preau/tenancy';

export interface ApiKeyRow {
  id: string;
  name: string;
  prefix: string;
  secret_hash: Buffer;
  scopes: Permission[];
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
}

const COLUMNS = 'id, name, prefix, secret_hash, scopes, created_at, expires_at, last_used_at';

/** The key of a prefix, unless revoked or expired. */
export async function findUsableKey(trx: CentralTrx, prefix: string): Promise<ApiKeyRow | undefined> {
  const { rows } = await trx.raw(
    `SELECT ${COLUMNS} FROM public.api_keys WHERE prefix = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
    [prefix],
  );
  return rows[0];
}

export async function listKeys(trx: CentralTrx): Promise<ApiKeyRow[]> {
  const { rows } = await trx.raw(
    `SELECT ${COLUMNS} FROM public.api_keys WHERE revoked_at IS NULL ORDER BY created_at DESC`,
  );
  return rows;
}

export async function insertKey(
  trx: CentralTrx,
  key: Omit<ApiKeyRow, 'created_at' | 'last_used_at'>,
): Promise<ApiKeyRow> {
  const { rows } = await trx.raw(
    `INSERT INTO public.api_keys (id, name, prefix, secret_hash, scopes, expires_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING ${COLUMNS}`,
    [key.id, key.name, key.prefix, key.secret_hash, key.scopes as string[], key.expires_at] as never,
  );
  return rows[0];
}

/** @returns the key's prefix, or undefined when there is none to revoke. */
export async function revokeKey(trx: CentralTrx, id: string): Promise<string | undefined> {
  const { rows } = await trx.raw(
    'UPDATE public.api_keys SET revoked_at = now() WHERE id = ? AND revoked_at IS NULL RETURNING prefix',
    [id],
  );
  return rows[0]?.prefix;
}

export async function touchKey(trx: CentralTrx, id: string): Promise<void> {
  await trx.raw('UPDATE public.api_keys SET last_used_at = now() WHERE id = ?', [id]);
}
