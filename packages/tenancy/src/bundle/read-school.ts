import type { Readable } from 'node:stream';
import type { Knex } from 'knex';
import pgCopyStreams from 'pg-copy-streams';
import { becomeApplication, becomeTenant } from '../provision/tenant-schema.ts';
import { contentDigest, type TableContent } from '../inspect/content.ts';
import { versionOf } from '../migrate/versions.ts';
import type { TransactionConfig } from '../run/client.ts';
import { tenantOpening } from '../run/opening.ts';
import type { CentralTrx } from '../run/tenancy.ts';
import type { TenantRef } from '../tenant-ref.ts';
import { cutLine, rawLine } from './raw-line.ts';
import {
  columnFacts,
  quoted,
  sequencesOf,
  tablesOf,
  type BundleTable,
  type ColumnFacts,
  type SequenceState,
} from './tables.ts';

/** How rows are written: PostgreSQL's own text, which is fastest, or JSON, a line a row in the order of the key. */
export type RowEncoding = 'copy' | 'ndjson';

/** One school at one moment. */
export interface SchoolReader {
  /** Name of the last migration that the schema has. */
  readonly version: string | null;
  readonly columns: readonly ColumnFacts[];
  readonly tables: readonly BundleTable[];
  readonly sequences: readonly SequenceState[];
  /** The rows of a table, each ending in a line feed. Read it to its end before the next. */
  rows(table: BundleTable, encoding: RowEncoding): Promise<Readable>;
  /** Counts and digests, reckoned by PostgreSQL. */
  content(): Promise<TableContent[]>;
  /** A question to the tables of the school itself, at the same moment. */
  ask<T>(sql: string, values?: readonly unknown[]): Promise<T[]>;
  /** A question to the shared tables, at the same moment, as the application's role. */
  askShared<T>(sql: string, values?: readonly unknown[]): Promise<T[]>;
  /** The same for work that takes a transaction. It is READ ONLY. */
  shared<R>(fn: (trx: CentralTrx) => Promise<R>): Promise<R>;
}

/** As it is: COPY would write each backslash of the JSON as two. JSON itself holds neither of the two marks. */
const JSON_FORMAT = "(FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')";

/** Of the same collation on every server: rows that are the same come in the same order. */
const sortable = ({ column, type }: ColumnFacts): string =>
  `t.${quoted(column)}${/^(text|character|citext)/.test(type) ? ' COLLATE "C"' : ''}`;

function selectJson(
  schemaName: string,
  { name, columns }: BundleTable,
  facts: readonly ColumnFacts[],
): string {
  const order = facts.filter(({ table, key }) => table === name && key).map(sortable);
  const carried = columns.map((column) => `t.${quoted(column)}`).join(', ');
  return (
    `SELECT to_jsonb(carried)::text FROM ${schemaName}.${quoted(name)} t CROSS JOIN LATERAL (SELECT ${carried}) carried` +
    (order.length > 0 ? ` ORDER BY ${order.join(', ')}` : '')
  );
}

/**
 * Reads one school as it is at one moment: all tables in one REPEATABLE READ READ ONLY transaction under the school's role,
 * and the shared rows in the same. Writers are not kept waiting.
 * @param knex a pool whose connections do not pipeline: COPY takes the line for itself.
 */
export async function readSchool<R>(
  knex: Knex,
  tenant: TenantRef,
  fn: (reader: SchoolReader) => Promise<R>,
): Promise<R> {
  const { schemaName } = tenant;
  const opening =
    tenantOpening(tenant, { readOnly: true }).replace(
      'BEGIN READ ONLY',
      'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
    ) +
    ";SET LOCAL statement_timeout=0;SET LOCAL idle_in_transaction_session_timeout=0;SET LOCAL timezone='UTC';SET LOCAL datestyle='ISO, YMD';SET LOCAL intervalstyle='postgres'";
  return knex.transaction(
    async (trx) => {
      const line = await rawLine(trx);
      const shared = async <T>(work: () => Promise<T>): Promise<T> => {
        await trx.raw(becomeApplication);
        const result = await work();
        await trx.raw(becomeTenant(schemaName));
        return result;
      };
      const version = await shared(() => versionOf(trx, schemaName));
      const columns = await columnFacts(trx, schemaName);
      const sequences = await sequencesOf(trx, schemaName);
      return fn({
        version,
        columns,
        tables: tablesOf(columns),
        sequences,
        async rows(table, encoding) {
          const list = table.columns.map(quoted).join(', ');
          const text =
            encoding === 'copy'
              ? `COPY ${schemaName}.${quoted(table.name)} (${list}) TO STDOUT`
              : `COPY (${selectJson(schemaName, table, columns)}) TO STDOUT WITH ${JSON_FORMAT}`;
          const stream = line.query(pgCopyStreams.to(text));
          // A line in the middle of a COPY answers nothing else.
          stream.once('close', () => void (stream.readableEnded || cutLine(line)));
          return stream;
        },
        content: () => contentDigest(trx, schemaName),
        ask: async (sql, values = []) => (await trx.raw(sql, values as never)).rows,
        askShared: (sql, values = []) => shared(async () => (await trx.raw(sql, values as never)).rows),
        shared: (work) => shared(() => work(trx as unknown as CentralTrx)),
      });
    },
    { opening, schemaName } as TransactionConfig,
  );
}
