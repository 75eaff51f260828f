import type { Delivered } from '@preau/contracts/realtime';
import type { CentralTrx } from '@preau/tenancy';

/** Minutes for which messages are kept for who comes back. */
export const KEPT_MINUTES = 10;
/** Messages that are replayed at most; who missed more is told of a gap. */
const MOST_REPLAYED = 200;
/** A message counts from its statement, but is there from its commit: so long before is looked again. */
const OVERLAP = '5 seconds';
const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;

export interface Kept extends Delivered {
  room: string;
}

/** Puts a message down. @returns when. */
export async function keepMessage(
  trx: CentralTrx,
  { id, room, op, for_org: tenantId, data }: Omit<Kept, 'at'>,
): Promise<string> {
  const { rows } = await trx.raw<{ rows: { at: string }[] }>(
    `INSERT INTO public.realtime_messages (id, tenant_id, room, op, data) VALUES (?, ?, ?, ?, ?)
     RETURNING to_char(at AT TIME ZONE 'UTC', ${ISO}) AS at`,
    [id, tenantId, room, op, JSON.stringify(data)] as never,
  );
  return String(rows[0]?.at);
}

export interface Missed {
  /** Now, by the clock of the database. */
  at: string;
  gap: boolean;
  messages: Delivered[];
}

/** What was said in these rooms since a moment; only the time now when there is none. */
export async function missedSince(
  trx: CentralTrx,
  rooms: readonly string[],
  since: string | null,
): Promise<Missed> {
  const { rows: times } = await trx.raw<{ rows: { at: string; gap: boolean | null }[] }>(
    // Whatever was kept before a crash of the database is gone with it.
    `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', ${ISO}) AS at,
       :since::timestamptz < greatest(now() - interval '${KEPT_MINUTES} minutes', pg_postmaster_start_time()) AS gap`,
    { since } as never,
  );
  const at = String(times[0]?.at);
  if (since === null || times[0]?.gap) return { at, gap: since !== null, messages: [] };
  const { rows } = await trx.raw<{ rows: Delivered[] }>(
    `SELECT id, to_char(at AT TIME ZONE 'UTC', ${ISO}) AS at, op, tenant_id AS for_org, data
     FROM public.realtime_messages
     WHERE room = ANY (:rooms) AND at > :since::timestamptz - interval '${OVERLAP}'
     ORDER BY realtime_messages.at, id LIMIT ${MOST_REPLAYED + 1}`,
    { rooms, since } as never,
  );
  return rows.length > MOST_REPLAYED ? { at, gap: true, messages: [] } : { at, gap: false, messages: rows };
}

/** The same of every room, with the room of each: for a process that heard nothing for a while. */
export async function allSince(trx: CentralTrx, since: Date): Promise<Kept[]> {
  const { rows } = await trx.raw<{ rows: Kept[] }>(
    `SELECT room, id, to_char(at AT TIME ZONE 'UTC', ${ISO}) AS at, op, tenant_id AS for_org, data
     FROM public.realtime_messages WHERE at > ?::timestamptz - interval '${OVERLAP}' ORDER BY realtime_messages.at, id`,
    [since],
  );
  return rows;
}

export async function dropOldMessages(trx: CentralTrx): Promise<void> {
  await trx.raw(
    `DELETE FROM public.realtime_messages WHERE at < now() - interval '${KEPT_MINUTES + 1} minutes'`,
  );
}
