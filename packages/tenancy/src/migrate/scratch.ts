import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { TransactionConfig } from '../run/client.ts';
import { centralOpening } from '../run/opening.ts';

/** Not a tenant's name, so that nothing takes the schema for a school's. */
const SCRATCH_NAME = /^rehearsal_[0-9a-f]{16}$/;

export const newScratchName = (): string => `rehearsal_${randomBytes(8).toString('hex')}`;

const opening = `${centralOpening({ readOnly: false })};SET LOCAL idle_in_transaction_session_timeout=0;SET LOCAL statement_timeout=0`;
const transaction = <R>(knex: Knex, fn: (trx: Knex.Transaction) => Promise<R>): Promise<R> =>
  knex.transaction(fn, { opening } as TransactionConfig);

const KEY = "hashtextextended('preau.' || ?, 0)";

async function dropScratch(trx: Knex.Transaction, scratch: string): Promise<void> {
  if (!SCRATCH_NAME.test(scratch)) throw new Error(`Not a scratch schema: ${scratch}`);
  const { rows } = await trx.raw(
    'SELECT pg_get_userbyid(nspowner) AS owner FROM pg_namespace WHERE nspname = ?',
    [scratch],
  );
  if (rows.length === 0) return;
  await trx.raw(`SET LOCAL ROLE "${rows[0].owner}"`);
  await trx.raw(`DROP SCHEMA ${scratch} CASCADE`);
  await trx.raw('SET LOCAL ROLE NONE');
}

/**
 * Makes a schema that belongs to a school's role, does the work, and drops it. A transaction that is open meanwhile holds a lock
 * on its name: once the process is gone so is the lock, and {@link sweepRehearsals} knows that the schema is nobody's.
 */
export async function inScratch<R>(
  knex: Knex,
  { scratch, schemaName }: { scratch: string; schemaName: string },
  work: () => Promise<R>,
): Promise<R> {
  return transaction(knex, async (guard) => {
    await guard.raw(`SELECT pg_advisory_xact_lock(${KEY})`, [scratch]);
    await transaction(knex, (trx) => trx.raw(`CREATE SCHEMA ${scratch} AUTHORIZATION ${schemaName}`));
    try {
      return await work();
    } finally {
      await transaction(knex, (trx) => dropScratch(trx, scratch));
    }
  });
}

/**
 * Drops the copies that killed rehearsals have left.
 * @returns names of the schemas that were dropped.
 */
export async function sweepRehearsals(knex: Knex): Promise<string[]> {
  const { rows } = await knex.raw(
    "SELECT nspname FROM pg_namespace WHERE nspname ~ '^rehearsal_[0-9a-f]{16}$' ORDER BY 1",
  );
  const swept: string[] = [];
  for (const { nspname } of rows as { nspname: string }[]) {
    await transaction(knex, async (trx) => {
      const { rows: tried } = await trx.raw(`SELECT pg_try_advisory_xact_lock(${KEY}) AS free`, [nspname]);
      if (!tried[0].free) return;
      await dropScratch(trx, nspname);
      swept.push(nspname);
    });
  }
  return swept;
}
