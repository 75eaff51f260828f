import { BYTES_PER_GB } from '@preau/contracts/units';
import type { CentralTrx, TenantTrx } from '@preau/tenancy';

/** Seconds after which a reservation that nobody renews is taken for abandoned. */
const LEASE = 60;
const EXPIRY = `now() + interval '${LEASE} seconds'`;
/** Bytes that a school may fill, of `public.tenants t`. */
export const STORAGE_LIMIT = `t.max_storage_gb::bigint * ${BYTES_PER_GB}`;

export interface Room {
  used: number;
  reserved: number;
  limit: number;
  told: number;
}

export interface Claim {
  id: string;
  tenantId: string;
  /** Bytes more than are held. */
  bytes: number;
  /** Where they will be stored, told before they are. */
  key?: string | undefined;
}

/**
 * Holds room for bytes that are still to come, if there is any: the limit is read in the statement that takes the room, so that
 * no two can both take what is left. @returns whether it is held.
 */
export async function claimRoom(trx: CentralTrx, { id, tenantId, bytes, key }: Claim): Promise<boolean> {
  const { rows } = await trx.raw(
    `WITH room AS (
       UPDATE public.tenant_usage u SET storage_reserved = u.storage_reserved + :bytes::bigint
       FROM public.tenants t
       WHERE u.tenant_id = :tenantId AND t.id = u.tenant_id
         AND u.storage_bytes + u.storage_reserved + :bytes::bigint <= ${STORAGE_LIMIT}
       RETURNING u.tenant_id
     )
     INSERT INTO public.storage_reservations AS r (id, tenant_id, bytes, storage_keys, expires_at)
     SELECT :id, tenant_id, :bytes::bigint, :keys::text[], ${EXPIRY} FROM room
     ON CONFLICT (id) DO UPDATE
       SET bytes = r.bytes + excluded.bytes, storage_keys = r.storage_keys || excluded.storage_keys, expires_at = excluded.expires_at
     RETURNING 1`,
    { id, tenantId, bytes, keys: key === undefined ? [] : [key] } as never,
  );
  return rows.length > 0;
}

/** Whether the reservation is still there; then it is for a while longer. */
export async function renewClaim(trx: CentralTrx, id: string): Promise<boolean> {
  const { rows } = await trx.raw(
    `UPDATE public.storage_reservations SET expires_at = ${EXPIRY} WHERE id = ? RETURNING 1`,
    [id],
  );
  return rows.length > 0;
}

/** Marks a reservation as abandoned: its files are to be removed, and its room given back. */
export async function abandonClaim(trx: CentralTrx, id: string): Promise<void> {
  await trx.raw('UPDATE public.storage_reservations SET expires_at = now() WHERE id = ?', [id]);
}

/** Gives back the room of an abandoned reservation, whose files are gone. */
export async function releaseClaim(trx: CentralTrx, id: string): Promise<void> {
  await trx.raw(
    `WITH gone AS (DELETE FROM public.storage_reservations WHERE id = ? RETURNING tenant_id, bytes)
     UPDATE public.tenant_usage u SET storage_reserved = u.storage_reserved - gone.bytes
     FROM gone WHERE u.tenant_id = gone.tenant_id`,
    [id],
  );
}

export interface AbandonedClaim {
  id: string;
  keys: string[];
}

/**
 * One abandoned reservation, locked until the transaction ends: whoever was late to confirm it waits, and then finds it gone.
 * Of one school where told, else of any.
 */
export async function nextAbandoned(trx: CentralTrx, tenantId?: string): Promise<AbandonedClaim | null> {
  const { rows } = await trx.raw(
    `SELECT id, storage_keys FROM public.storage_reservations
     WHERE expires_at <= now() ${tenantId === undefined ? '' : 'AND tenant_id = ?'}
     ORDER BY expires_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
    tenantId === undefined ? [] : [tenantId],
  );
  return rows[0] ? { id: rows[0].id, keys: rows[0].storage_keys } : null;
}

/** What a school's files take, and may. */
export async function roomOf(trx: CentralTrx, tenantId: string): Promise<Room> {
  const { rows } = await trx.raw(
    `SELECT u.storage_bytes, u.storage_reserved, ${STORAGE_LIMIT} AS limit, u.storage_told
     FROM public.tenant_usage u JOIN public.tenants t ON t.id = u.tenant_id WHERE u.tenant_id = ?`,
    [tenantId],
  );
  const row = rows[0] ?? { storage_bytes: 0, storage_reserved: 0, limit: 0, storage_told: 0 };
  return {
    used: Number(row.storage_bytes),
    reserved: Number(row.storage_reserved),
    limit: Number(row.limit),
    told: row.storage_told,
  };
}

/** Turns a reservation into stored bytes; what it held beyond them is free again. Rejects when it was swept. */
export async function confirmClaim(trx: TenantTrx, id: string, stored: number): Promise<void> {
  await trx.raw('SELECT tenant_api.confirm_storage(?, ?)', [id, stored]);
}

/** Takes stored bytes back into a reservation that is abandoned: their files are to be removed. */
export async function discardStored(
  trx: TenantTrx,
  { id, bytes, keys }: { id: string; bytes: number; keys: readonly string[] },
): Promise<void> {
  await trx.raw('SELECT tenant_api.discard_storage(?, ?, ?::text[])', [id, bytes, keys as never]);
}
