import type { Knex } from 'knex';

/** A table with the columns that hold what somebody entered: those that PostgreSQL works out are left to it. */
export interface BundleTable {
  name: string;
  columns: readonly string[];
}

/** Where a sequence stands. */
export interface SequenceState {
  name: string;
  /** A text: it may be larger than a number of JavaScript. */
  last: string;
  called: boolean;
}

/** A column as the catalogue has it: what a description of the table is made from. */
export interface ColumnFacts {
  table: string;
  column: string;
  /** As `format_type` spells it: `timestamp with time zone`. */
  type: string;
  notNull: boolean;
  /** Whether the column is part of the primary key. */
  key: boolean;
  generated: boolean;
  comment: string | null;
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Every column of the tables of a schema, in their order. Reads the catalogue only. */
export async function columnFacts(trx: Knex.Transaction, schemaName: string): Promise<ColumnFacts[]> {
  const { rows } = await trx.raw(
    `SELECT c.relname::text AS table, a.attname::text AS column, format_type(a.atttypid, a.atttypmod) AS type,
       a.attnotnull AS "notNull", a.attgenerated <> '' AS generated, col_description(c.oid, a.attnum) AS comment,
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY(i.indkey)) AS key
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE n.nspname = ? AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
     ORDER BY c.relname COLLATE "C", a.attnum`,
    [schemaName],
  );
  return rows;
}

/** Tables of a schema by name, with the columns that are carried. */
export function tablesOf(facts: readonly ColumnFacts[]): BundleTable[] {
  const byTable = Map.groupBy(facts, ({ table }) => table);
  return [...byTable].map(([name, columns]) => ({
    name,
    columns: columns.filter(({ generated }) => !generated).map(({ column }) => column),
  }));
}

/** Where the sequences of a schema stand, those of identity columns too. They may be ahead of the rows, never behind. */
export async function sequencesOf(trx: Knex.Transaction, schemaName: string): Promise<SequenceState[]> {
  const { rows } = await trx.raw(
    `SELECT c.relname::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ? AND c.relkind = 'S' ORDER BY c.relname COLLATE "C"`,
    [schemaName],
  );
  const states: SequenceState[] = [];
  for (const { name } of rows as { name: string }[]) {
    const { rows: state } = await trx.raw(
      `SELECT last_value::text AS last, is_called AS called FROM ${schemaName}.${quoted(name)}`,
    );
    states.push({ name, ...state[0] });
  }
  return states;
}
