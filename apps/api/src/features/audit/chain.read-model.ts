import type { CentralTrx } from '@preau/tenancy';

/** Name of the platform's own chain. */
export const PLATFORM_CHAIN = '00000000-0000-0000-0000-000000000000';

export interface Head {
  chain: string;
  position: number;
  /** Hexadecimal. */
  hash: string;
}

/** One link with the row it stands for, every field of it as text. */
export interface Link {
  position: number;
  /** Number of the row. */
  seq: string;
  previous_hash: string;
  hash: string;
  /** Null: the row is gone. */
  fields: (string | null)[] | null;
  action: string | null;
  at: Date | null;
}

const asHead = ({ chain, position, hash }: { chain: string; position: string; hash: string }): Head => ({
  chain,
  position: Number(position),
  hash,
});

/**
 * Where each chain ends, by name; of one where told. A school that has rows and no end, or one that still exists and has
 * neither, is among them with the position zero: it has had a row since it was made.
 */
export async function headsOf(trx: CentralTrx, chain: string | null, after: string | null): Promise<Head[]> {
  const { rows } = await trx.raw(
    `SELECT chain, coalesce(h.position, 0) AS position, encode(coalesce(h.hash, ''), 'hex') AS hash
     FROM (SELECT chain FROM audit.heads UNION SELECT id FROM public.tenants UNION SELECT ?::uuid) known (chain)
       LEFT JOIN audit.heads h USING (chain)
     WHERE (?::uuid IS NULL OR chain = ?) AND (?::uuid IS NULL OR chain > ?)
     ORDER BY chain LIMIT 1000`,
    [PLATFORM_CHAIN, chain, chain, after, after] as never,
  );
  return rows.map(asHead);
}

/** The next links after a position, up to another, in their order. */
export async function linksAfter(
  trx: CentralTrx,
  chain: string,
  position: number,
  limit: number,
): Promise<Link[]> {
  const { rows } = await trx.raw(
    `SELECT k.position, k.seq, encode(k.previous_hash, 'hex') AS previous_hash, encode(k.hash, 'hex') AS hash, l.action, l.at,
       CASE WHEN l.seq IS NOT NULL THEN ARRAY[
         l.seq::text, ((extract(epoch FROM l.at) * 1000000)::bigint)::text, l.tenant_id::text,
         l.actor_type, l.actor_id::text, l.actor_label, l.action, l.target_type, l.target_id,
         l.before::text, l.after::text, l.ip, l.request_id,
         l.grant_id::text, l.grantor_id::text, l.grantor_label
       ] END AS fields
     FROM (SELECT * FROM audit.links WHERE chain = ? AND position > ? ORDER BY position LIMIT ?) k
       LEFT JOIN audit.log l USING (seq)
     ORDER BY k.position`,
    [chain, position, limit],
  );
  return rows.map((row: Link & { position: string }) => ({ ...row, position: Number(row.position) }));
}

/** Rows that are in no chain, which nothing but a hand in the database makes. */
export async function unlinkedRows(
  trx: CentralTrx,
  chain: string,
): Promise<{ seq: string; action: string; at: Date }[]> {
  const { rows } = await trx.raw(
    `SELECT l.seq, l.action, l.at FROM audit.log l
     WHERE ${chain === PLATFORM_CHAIN ? 'l.tenant_id IS NULL AND ?::uuid IS NOT NULL' : 'l.tenant_id = ?'}
       AND NOT EXISTS (SELECT FROM audit.links k WHERE k.seq = l.seq)
     ORDER BY l.seq LIMIT 100`,
    [chain],
  );
  return rows;
}
