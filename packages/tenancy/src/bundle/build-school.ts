import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Knex } from 'knex';
import pgCopyStreams from 'pg-copy-streams';
import { dropForeignKeys } from '../migrate/copy-rows.ts';
import { ladderVersion, migrationsAfter, type Ladder } from '../migrate/ladder.ts';
import { isCurrent, snapshotText, type Snapshot } from '../migrate/snapshot.ts';
import { BUILDING, recordVersion } from '../migrate/versions.ts';
import { contentDigest, type TableContent } from '../inspect/content.ts';
import {
  becomeApplication,
  becomeTenant,
  ownedSchemaText,
  tenantRoleText,
} from '../provision/tenant-schema.ts';
import type { TransactionConfig } from '../run/client.ts';
import { centralOpening } from '../run/opening.ts';
import type { CentralTrx } from '../run/tenancy.ts';
import { assertSchemaName } from '../tenant-ref.ts';
import { rawLine } from './raw-line.ts';
import { quoted, type BundleTable, type SequenceState } from './tables.ts';

/** A school's schema on its way into being, in a transaction that nobody else sees into. */
export interface SchoolBuilder {
  readonly schemaName: string;
  /** Takes rows of one table as COPY writes them; ends when PostgreSQL has them all. One at a time. */
  copyInto(table: BundleTable): Writable;
  /** Takes rows of one table as JSON objects. */
  insertJson(table: BundleTable, lines: readonly string[]): Promise<void>;
  setSequences(states: readonly SequenceState[]): Promise<void>;
  /** Counts and digests of what has come in, before any migration has changed it. */
  content(): Promise<TableContent[]>;
  /** A question to the shared tables, as the application's role. Before `finish`. */
  askShared<T>(sql: string, values?: readonly unknown[]): Promise<T[]>;
  /** Something to be done to the tables of the new schema, as its role. */
  ask<T>(sql: string, values?: readonly unknown[]): Promise<T[]>;
  /**
   * Puts the foreign keys back, which checks every row, climbs what is missing of the ladder, and enters the version. Goes on as
   * the application's role, which may then change the shared rows.
   * @returns names of the migrations that were applied.
   */
  finish(): Promise<string[]>;
  /** The transaction, for shared rows: before the first row and after `finish`. */
  readonly trx: CentralTrx;
}

export interface BuildOptions {
  knex: Knex;
  ladder: Ladder;
  snapshot: Snapshot | null;
  /** A new name: nothing of it may be there but the role. */
  schemaName: string;
  /** Version that the rows are of. */
  version: string | null;
}

/**
 * Makes a role and its schema at some version and has it filled, in one transaction: committed when `fn` resolves, and nothing
 * is left of it when it rejects or the process dies. Secondary keys are taken away meanwhile, so that tables come in any order.
 * @throws Error when the version is not on the ladder: it was made by newer code.
 */
export async function buildSchool<R>(
  options: BuildOptions,
  fn: (builder: SchoolBuilder) => Promise<R>,
): Promise<R> {
  const { knex, ladder, snapshot, schemaName, version } = options;
  assertSchemaName(schemaName);
  const missing = migrationsAfter(ladder, version);
  const opening = `${centralOpening({ readOnly: false })};SET LOCAL statement_timeout=0;SET LOCAL idle_in_transaction_session_timeout=0`;
  return knex.transaction(
    async (trx) => {
      await trx.raw(`${tenantRoleText(trx, schemaName)};${ownedSchemaText(schemaName)}`);
      await trx.raw(becomeTenant(schemaName));
      if (missing.length === 0 && isCurrent(snapshot, ladder))
        await trx.raw(snapshotText(snapshot, schemaName));
      else
        for (const migration of ladder.migrations.slice(0, ladder.migrations.length - missing.length))
          await migration.up(trx);
      const addForeignKeys = await dropForeignKeys(trx, schemaName);
      await emptyTables(trx, schemaName);
      const line = await rawLine(trx);
      let copy: Writable | undefined;
      const building = fn({
        schemaName,
        trx: trx as unknown as CentralTrx,
        copyInto({ name, columns }) {
          copy = line.query(
            pgCopyStreams.from(
              `COPY ${schemaName}.${quoted(name)} (${columns.map(quoted).join(', ')}) FROM STDIN`,
            ),
          );
          // Then PostgreSQL has ended it.
          copy.once('error', () => (copy = undefined));
          return copy;
        },
        async insertJson({ name, columns }, lines) {
          const list = columns.map(quoted).join(', ');
          await trx.raw(
            `INSERT INTO ${schemaName}.${quoted(name)} (${list}) OVERRIDING SYSTEM VALUE
             SELECT ${list} FROM jsonb_populate_recordset(NULL::${schemaName}.${quoted(name)}, ?::jsonb)`,
            [`[${lines.join(',')}]`],
          );
        },
        async setSequences(states) {
          for (const { name, last, called } of states)
            await trx.raw('SELECT setval(?::regclass, ?::int8, ?)', [
              `${schemaName}.${quoted(name)}`,
              last,
              called,
            ]);
        },
        content: () => contentDigest(trx, schemaName),
        async askShared(sql, values = []) {
          await trx.raw(becomeApplication);
          const { rows } = await trx.raw(sql, values as never);
          await trx.raw(becomeTenant(schemaName));
          return rows;
        },
        ask: async (sql, values = []) => (await trx.raw(sql, values as never)).rows,
        async finish() {
          await addForeignKeys();
          for (const migration of missing) await migration.up(trx);
          const { rows } = await trx.raw(
            "SELECT relname AS name FROM pg_class WHERE relnamespace = ?::regnamespace AND relkind = 'r'",
            [schemaName],
          );
          for (const { name } of rows as { name: string }[])
            await trx.raw(`ANALYZE ${schemaName}.${quoted(name)}`);
          await trx.raw(becomeApplication);
          // Only now: whoever migrates the fleet waits for those who hold it.
          await trx.raw(BUILDING);
          await recordVersion(trx, schemaName, 'tenant', ladderVersion(ladder));
          return missing.map(({ name }) => name);
        },
      });
      return building.catch(async (error: unknown) => {
        if (copy && !copy.writableEnded) await breakOff(copy);
        throw error;
      });
    },
    { opening, schemaName } as TransactionConfig,
  );
}

/** On a connection that waits for the rest of a COPY nothing could be undone. */
async function breakOff(copy: Writable): Promise<void> {
  const closed = finished(copy).catch(() => undefined);
  copy.destroy();
  await closed;
}

/** What migrations have sown is among the rows to come. */
async function emptyTables(trx: Knex.Transaction, schemaName: string): Promise<void> {
  const { rows } = await trx.raw(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = ?::regnamespace AND relkind = 'r'",
    [schemaName],
  );
  for (const { name } of rows as { name: string }[])
    await trx.raw(`DELETE FROM ${schemaName}.${quoted(name)}`);
}
