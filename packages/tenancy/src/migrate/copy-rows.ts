import type { Knex } from 'knex';

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Takes away the foreign keys of a schema that is on the path, so that tables can be filled in any order.
 * @returns a function that puts them back, by which every row is checked.
 */
export async function dropForeignKeys(
  trx: Knex.Transaction,
  schemaName: string,
): Promise<() => Promise<void>> {
  const { rows } = await trx.raw(
    `SELECT c.conrelid::regclass::text AS "table", c.conname AS name, pg_get_constraintdef(c.oid) AS definition
     FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = ? AND c.contype = 'f' ORDER BY c.oid`,
    [schemaName],
  );
  const keys = rows as { table: string; name: string; definition: string }[];
  for (const { table, name } of keys) await trx.raw(`ALTER TABLE ${table} DROP CONSTRAINT ${quoted(name)}`);
  return async () => {
    for (const { table, name, definition } of keys)
      await trx.raw(
        `ALTER TABLE ${table} ADD CONSTRAINT ${quoted(name)} ${definition.replaceAll('?', '\\?')}`,
      );
  };
}

/**
 * Fills the tables of one schema with the rows of the same tables of another, where sequences go on, and has their statistics
 * taken. Columns that PostgreSQL works out are left to it; rows that a migration has made are replaced.
 * @returns how many rows there are.
 * @throws what PostgreSQL says when the source lacks a table or a column of the target.
 */
export async function copyRows(trx: Knex.Transaction, from: string, to: string): Promise<number> {
  const { rows: tables } = await trx.raw(
    `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '') AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE n.nspname = ? AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped GROUP BY c.relname ORDER BY c.relname`,
    [to],
  );
  let copied = 0;
  for (const { name, columns } of tables as { name: string; columns: string[] }[]) {
    const list = columns.map(quoted).join(', ');
    await trx.raw(`DELETE FROM ${to}.${quoted(name)}`);
    const { rowCount } = await trx.raw(
      `INSERT INTO ${to}.${quoted(name)} (${list}) OVERRIDING SYSTEM VALUE SELECT ${list} FROM ${from}.${quoted(name)}`,
    );
    copied += rowCount ?? 0;
    await trx.raw(`ANALYZE ${to}.${quoted(name)}`);
  }
  const { rows: sequences } = await trx.raw(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relkind = 'S'`,
    [to],
  );
  for (const { name } of sequences as { name: string }[])
    await trx.raw(
      `SELECT setval('${to}.${quoted(name)}', last_value, is_called) FROM ${from}.${quoted(name)}`,
    );
  return copied;
}
