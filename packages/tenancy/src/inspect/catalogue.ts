import type { Knex } from 'knex';
import { assertSchemaName } from '../tenant-ref.ts';
import { MANY_AS_HASHES } from './catalogue-hashes.ts';
import { FEW, MANY_AS_LINES } from './catalogue-parts.ts';

/** One object that two schemas do not have alike. */
export interface CatalogueDifference {
  /** `table`, `column`, `columns` (their order), `constraint`, `index`, `function`, `comment`, `role` … */
  kind: string;
  /** Name within the schema, such as `announcements.title`. */
  object: string;
  /** How the first schema has it; null when it has none. The schema's own name, its owner's too, is written `*`. */
  left: string | null;
  /** How the second schema has it. */
  right: string | null;
}

interface Line {
  nspname: string;
  kind: string;
  object: string;
  facts: string;
}

const TARGET = `
  target AS MATERIALIZED (
    SELECT n.oid, n.nspname, n.nspowner, n.nspacl, coalesce(r.oid, 0) AS role
      FROM pg_namespace n LEFT JOIN pg_roles r ON r.rolname = n.nspname WHERE n.nspname = ANY(?)
  ), attributes AS (
    SELECT t.nspname, t.oid AS schema, c.relname, a.* FROM target t
      JOIN pg_class c ON c.relnamespace = t.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  )`;

// Names are compared without the schema's own, which is its owner's as well.
const NEUTRAL =
  "nspname, kind, replace(object, nspname, '*') AS object, replace(facts, nspname, '*') AS facts";
const few = `SELECT ${NEUTRAL} FROM (${FEW.join('\n UNION ALL ')}) few`;

const LINES = `
  WITH ${TARGET}
  SELECT ${NEUTRAL} FROM (${[...FEW, ...MANY_AS_LINES].join('\n UNION ALL ')}) lines
  ORDER BY kind COLLATE "C", object COLLATE "C", facts COLLATE "C"`;

// A sum does not depend on the order, so that nothing is sorted.
const DIGESTS = `
  WITH ${TARGET}
  SELECT nspname, count(*) || '-' || sum(hash) AS digest FROM (
    SELECT nspname, hashtextextended(kind || E'\\x01' || object || E'\\x01' || coalesce(facts, ''), 0) AS hash FROM (${few}) few
    UNION ALL ${MANY_AS_HASHES.join('\n UNION ALL ')}
  ) hashes GROUP BY nspname`;

/** Runs with no tenant's schema on the path, by which names of types and tables are spelt: so they are always in full. */
async function onPlainPath<R>(knex: Knex, work: (trx: Knex.Transaction) => Promise<R>): Promise<R> {
  if (!knex.isTransaction) return knex.transaction((trx) => onPlainPath(trx, work));
  const trx = knex as Knex.Transaction;
  const { rows } = await trx.raw("SELECT current_setting('search_path') AS path");
  // Compiling the query takes longer than running it.
  await trx.raw('SET LOCAL search_path = pg_catalog; SET LOCAL jit = off');
  const result = await work(trx);
  await trx.raw("SELECT set_config('search_path', ?, true)", [rows[0].path]);
  return result;
}

/**
 * A digest of all that the catalogue knows of each schema: columns, types, defaults, constraints, indexes, sequences,
 * functions, grants, owners, comments, and its role. One query for any number of schemas, reading the catalogue only: 2 s for
 * 500 schemas with 40 tables of 10 columns each. A few thousand names at a time keep its memory small.
 *
 * Schemas of one database whose digests are equal are alike. Those whose digests differ may still be: a column that was
 * dropped leaves a gap in the numbers of the others. So look at one schema of each digest with {@link catalogueDifference}.
 * A digest means nothing on another server or tomorrow: do not keep it.
 * @param knex the pool, or a transaction; its path is as it was afterwards.
 * @returns digests by schema name; a schema that does not exist is missing.
 * @throws Error when a name is not a tenant's schema.
 */
export async function catalogueDigest(
  knex: Knex,
  schemaNames: readonly string[],
): Promise<Map<string, string>> {
  for (const name of schemaNames) assertSchemaName(name);
  return onPlainPath(knex, async (trx) => {
    const { rows } = await trx.raw(DIGESTS, [schemaNames as string[]]);
    return new Map(rows.map((row: { nspname: string; digest: string }) => [row.nspname, row.digest]));
  });
}

/** Facts by object: `["column","announcements.title"]` has `text NOT NULL`. */
function byObject(lines: readonly Line[]): Map<string, string> {
  const facts = new Map<string, string>();
  for (const { kind, object, facts: text } of lines) {
    const key = JSON.stringify([kind, object]);
    const earlier = facts.get(key);
    // One name may stand for several objects, as with the comments of an index and of a constraint.
    facts.set(key, earlier === undefined ? text : `${earlier}\n${text}`);
  }
  return facts;
}

/**
 * What two schemas of one database do not have alike, by kind and name; empty when they are the same to PostgreSQL, whatever
 * way each came about. Reads the catalogue only, in 0.2 s for schemas of 40 tables.
 * @param knex the pool, or a transaction; its path is as it was afterwards.
 * @throws Error when a name is not a tenant's schema. A schema that does not exist differs in everything.
 */
export async function catalogueDifference(
  knex: Knex,
  left: string,
  right: string,
): Promise<CatalogueDifference[]> {
  for (const name of [left, right]) assertSchemaName(name);
  const { rows }: { rows: Line[] } = await onPlainPath(knex, (trx) => trx.raw(LINES, [[left, right]]));
  const lines = Map.groupBy(rows, ({ nspname }) => nspname);
  const a = byObject(lines.get(left) ?? []);
  const b = byObject(lines.get(right) ?? []);
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((key) => a.get(key) !== b.get(key))
    .map((key) => {
      const [kind, object] = JSON.parse(key) as [string, string];
      return { kind, object, left: a.get(key) ?? null, right: b.get(key) ?? null };
    });
}
