import type { Knex } from 'knex';
import { assertSchemaName } from '../tenant-ref.ts';

export interface TableSize {
  table: string;
  /** PostgreSQL's own estimate of live rows: counting would cost more the larger the school. */
  rows: number;
  /** Heap, indexes and TOAST. */
  bytes: number;
}

/** Size of every table of a tenant, read from the catalogue and the statistics, never from the tables. */
export async function tableSizes(trx: Knex.Transaction, schemaName: string): Promise<TableSize[]> {
  assertSchemaName(schemaName);
  const { rows } = await trx.raw(
    `SELECT relname AS table, GREATEST(n_live_tup, 0)::int8 AS rows, pg_total_relation_size(relid)::int8 AS bytes
     FROM pg_catalog.pg_stat_all_tables WHERE schemaname = ? ORDER BY relname`,
    [schemaName],
  );
  return rows.map((row: { table: string; rows: string; bytes: string }) => ({
    table: row.table,
    rows: Number(row.rows),
    bytes: Number(row.bytes),
  }));
}
