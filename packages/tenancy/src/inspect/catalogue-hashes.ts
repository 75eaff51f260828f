import { grants } from './catalogue-parts.ts';

/**
 * The kinds of objects of which a school has hundreds, as numbers made of plain columns of the catalogue: a text for each of
 * them takes three times as long. What is alike here is alike in the texts of catalogue-parts.ts; not the other way round.
 */

/**
 * Trees that name something by a number which is another one in another schema: a type or function of the database's own, or a
 * constant of a type that stands for an object, such as the sequence of `nextval`.
 */
const NUMBERED = "' [1-9][0-9]{4}|:consttype (24|22[0-9]{2}|3734|3769|40[0-9]{2}|4191) '";

/**
 * An expression as PostgreSQL keeps it, which is faster to have than its text; its text where the tree has such numbers.
 * Before 17 a tree also says where in its statement each part stood, which a batch moves.
 */
const expression = (tree: string, text: string): string =>
  `CASE WHEN ${tree}::text ~ ${NUMBERED} THEN replace(${text}, nspname, '*')
    ELSE regexp_replace(${tree}::text, ':location -*[0-9]+', '', 'g') END`;

const hash = (...values: string[]): string => `hash_record_extended(ROW(${values.join(', ')}), 0)`;

const columnHashes = `
  SELECT a.nspname, ${hash(
    'a.relname',
    'a.attname',
    'a.attnum',
    'y.typname',
    'y.typnamespace = a.schema',
    'a.atttypmod',
    'a.attnotnull',
    'a.attidentity',
    'a.attgenerated',
    'a.attcollation',
    'a.attstorage',
    'a.attcompression',
    'nullif(a.attstattarget, -1)',
    'a.attoptions',
    expression('d.adbin', 'pg_get_expr(d.adbin, d.adrelid)'),
    `replace(${grants('a.attacl')}, a.nspname, '*')`,
  )} AS hash
    FROM attributes a JOIN pg_type y ON y.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum`;

const constraintHashes = `
  SELECT t.nspname, ${hash(
    "'constraint'::text",
    'r.relname',
    'y.typname',
    'c.conname',
    'c.contype',
    'c.conkey',
    'f.relname',
    'c.confkey',
    'c.confupdtype',
    'c.confdeltype',
    'c.confmatchtype',
    'c.confdelsetcols',
    'c.condeferrable',
    'c.condeferred',
    'c.convalidated',
    'c.conislocal',
    'c.connoinherit',
    expression('c.conbin', 'pg_get_constraintdef(c.oid)'),
    "CASE WHEN c.contype = 'x' OR NOT c.convalidated THEN replace(pg_get_constraintdef(c.oid), t.nspname, '*') END",
  )}
    FROM target t JOIN pg_constraint c ON c.connamespace = t.oid
    LEFT JOIN pg_class r ON r.oid = c.conrelid LEFT JOIN pg_class f ON f.oid = c.confrelid LEFT JOIN pg_type y ON y.oid = c.contypid`;

const indexHashes = `
  SELECT t.nspname, ${hash(
    "'index'::text",
    'c.relname',
    'r.relname',
    'c.relam',
    'i.indkey::int2[]',
    'i.indclass',
    'i.indcollation',
    'i.indoption::int2[]',
    'i.indnkeyatts',
    'i.indisunique',
    'i.indnullsnotdistinct',
    'i.indisprimary',
    'i.indimmediate',
    'i.indisvalid',
    'i.indisclustered',
    'i.indisreplident',
    'c.reloptions',
    'c.reltablespace',
    'c.relowner = t.role',
    "CASE WHEN i.indpred IS NOT NULL OR i.indexprs IS NOT NULL THEN replace(pg_get_indexdef(c.oid), t.nspname, '*') END",
  )}
    FROM target t JOIN pg_class c ON c.relnamespace = t.oid AND c.relkind IN ('i', 'I')
    JOIN pg_index i ON i.indexrelid = c.oid JOIN pg_class r ON r.oid = i.indrelid`;

export const MANY_AS_HASHES = [columnHashes, constraintHashes, indexHashes];
