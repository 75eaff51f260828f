import type { Knex } from 'knex';
import { assertSchemaName } from '../tenant-ref.ts';

/** What a table holds, in a form that can be compared. */
export interface TableContent {
  table: string;
  rows: number;
  /** The same for the same rows in any order, on any server. */
  digest: string;
}

/** Texts of values depend on these; local to the transaction. */
const SPELLING =
  "SET LOCAL timezone='UTC';SET LOCAL datestyle='ISO, YMD';SET LOCAL intervalstyle='postgres';SET LOCAL extra_float_digits=1;SET LOCAL bytea_output='hex'";

/**
 * Counts and digests of every table of a schema, by name: the sum of a hash of each row as PostgreSQL writes it. Reads every
 * row once; in a transaction that may read the schema.
 */
export async function contentDigest(trx: Knex.Transaction, schemaName: string): Promise<TableContent[]> {
  assertSchemaName(schemaName);
  await trx.raw(SPELLING);
  const { rows } = await trx.raw(
    `SELECT c.relname::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ? AND c.relkind = 'r' ORDER BY c.relname COLLATE "C"`,
    [schemaName],
  );
  const contents: TableContent[] = [];
  for (const { name } of rows as { name: string }[]) {
    const { rows: found } = await trx.raw(
      `SELECT count(*)::int8 AS rows, coalesce(sum(('x' || substr(md5(t::text), 1, 16))::bit(64)::int8::numeric), 0)::text AS digest
       FROM ${schemaName}."${name.replaceAll('"', '""')}" t`,
    );
    contents.push({ table: name, rows: Number(found[0].rows), digest: found[0].digest });
  }
  return contents;
}

/** Tables that two schemas do not hold alike; names only, since rows are a school's own. */
export function contentDifference(left: readonly TableContent[], right: readonly TableContent[]): string[] {
  const other = new Map(right.map((content) => [content.table, content]));
  const names = new Set([...left, ...right].map(({ table }) => table));
  return [...names].filter((name) => {
    const a = left.find(({ table }) => table === name);
    const b = other.get(name);
    return a?.rows !== b?.rows || a?.digest !== b?.digest;
  });
}
