import type { Knex } from 'knex';
import type { TransactionConfig } from '../run/client.ts';
import { centralOpening, EXTENSIONS_SCHEMA } from '../run/opening.ts';
import { assertSchemaName } from '../tenant-ref.ts';
import { copyRows, dropForeignKeys } from './copy-rows.ts';
import { migrationsAfter, type Ladder } from './ladder.ts';
import { locksGained, relationsOf } from './lock-watch.ts';
import { inScratch, newScratchName, sweepRehearsals } from './scratch.ts';
import { versionOf } from './versions.ts';

/** What the migrations that a school lacks did to a copy of it. */
export interface Rehearsal {
  schemaName: string;
  from: string | null;
  to: string | null;
  /** Rows that were copied. */
  rows: number;
  /** Milliseconds that the copy took. */
  copyMs: number;
  migrations: RehearsedMigration[];
  /** Milliseconds of the commit, where deferred constraints are checked. */
  commitMs: number;
  /** Why it stopped, if it did. */
  error?: string;
}

export interface RehearsedMigration {
  name: string;
  ms: number;
  /**
   * Locks that it came to hold on what was there before, strongest for each; they are kept to the end of the school's
   * transaction. What it has made itself nobody else can wait for.
   */
  locks: { relation: string; mode: string }[];
}

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Copies a school with all its rows, runs the migrations it lacks on the copy, tells how long each took and what it locked, and
 * drops the copy.
 *
 * The copy is a schema of the school's own role: nobody else may read its rows. The school itself is only read. Needs as much
 * disk as the school for as long as it lasts. What a killed rehearsal leaves is dropped by the next one: see
 * {@link sweepRehearsals}. Takes two connections.
 * @throws Error when the schema's version is not on the ladder. What a migration or the copying throws is in the report.
 */
export async function rehearse(knex: Knex, ladder: Ladder, schemaName: string): Promise<Rehearsal> {
  assertSchemaName(schemaName);
  await sweepRehearsals(knex);
  const scratch = newScratchName();
  const transaction = <R>(fn: (trx: Knex.Transaction) => Promise<R>) => {
    const limits = 'SET LOCAL statement_timeout=0;SET LOCAL idle_in_transaction_session_timeout=0';
    const opening = `${centralOpening({ readOnly: false })};${limits}`;
    return knex.transaction(fn, { opening, schemaName } as TransactionConfig);
  };
  const asSchool = <R>(fn: (trx: Knex.Transaction) => Promise<R>) =>
    transaction(async (trx) => {
      await trx.raw(`SET LOCAL ROLE ${schemaName};SET LOCAL search_path=${scratch},${EXTENSIONS_SCHEMA}`);
      return fn(trx);
    });

  return inScratch(knex, { scratch, schemaName }, async () => {
    const from = await transaction((trx) => versionOf(trx, schemaName));
    const missing = migrationsAfter(ladder, from);
    const climbed = ladder.migrations.slice(0, ladder.migrations.length - missing.length);
    const report: Rehearsal = {
      schemaName,
      from,
      to: from,
      rows: 0,
      copyMs: 0,
      migrations: [],
      commitMs: 0,
    };
    try {
      const began = performance.now();
      report.rows = await asSchool(async (trx) => {
        for (const migration of climbed) await migration.up(trx);
        const addForeignKeys = await dropForeignKeys(trx, scratch);
        const rows = await copyRows(trx, schemaName, scratch);
        await addForeignKeys();
        return rows;
      });
      report.copyMs = performance.now() - began;

      let ended = 0;
      await asSchool(async (trx) => {
        const relations = await relationsOf(trx, scratch);
        const gained = locksGained(trx, relations);
        for (const migration of missing) {
          const start = performance.now();
          await migration.up(trx);
          const ms = performance.now() - start;
          report.migrations.push({ name: migration.name, ms, locks: await gained() });
          report.to = migration.name;
        }
        ended = performance.now();
      });
      report.commitMs = performance.now() - ended;
    } catch (error) {
      report.error = message(error);
    }
    return report;
  });
}
