import type { Knex } from 'knex';

/** Weakest first. */
const MODES = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];

/** Tables, indexes and sequences of a schema: names by object id. */
export async function relationsOf(
  trx: Knex.Transaction,
  schemaName: string,
): Promise<ReadonlyMap<number, string>> {
  const { rows } = await trx.raw(
    'SELECT c.oid::int8::text AS oid, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ?',
    [schemaName],
  );
  return new Map(rows.map((row: { oid: string; relname: string }) => [Number(row.oid), row.relname]));
}

/**
 * Watches the locks of this transaction on relations.
 * @returns a function that answers the strongest lock on each that is new, or stronger than at the last call.
 */
export function locksGained(
  trx: Knex.Transaction,
  relations: ReadonlyMap<number, string>,
): () => Promise<{ relation: string; mode: string }[]> {
  const held = new Map<number, number>();
  return async () => {
    const { rows } = await trx.raw(
      `SELECT relation::int8::text AS oid, mode FROM pg_locks
       WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted`,
    );
    const gained = new Map<string, number>();
    for (const { oid, mode } of rows as { oid: string; mode: string }[]) {
      const name = relations.get(Number(oid));
      const strength = MODES.indexOf(mode);
      if (name === undefined || strength <= (held.get(Number(oid)) ?? -1)) continue;
      held.set(Number(oid), strength);
      gained.set(name, strength);
    }
    return [...gained].map(([relation, strength]) => ({ relation, mode: MODES[strength] ?? '' }));
  };
}
