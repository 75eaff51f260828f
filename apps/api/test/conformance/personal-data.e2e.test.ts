import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PERSONAL_DATA } from '../../src/database/personal-data.ts';
import { STORED_FILES } from '../../src/database/stored-files.ts';
import { SHARED_TABLES } from '../../src/features/bundles/shared-rows.ts';
import { createSchool, type School } from '../support/builders.ts';
import { createTestApp, type TestApp } from '../support/harness.ts';

let t: TestApp;
let school: School;
beforeAll(async () => {
  t = await createTestApp();
  school = await createSchool(t);
});
afterAll(() => t.close());

/** Columns that could tell of somebody: texts, bytes, and ids that are neither a row's own nor another row's of the school. */
const telling = () =>
  t.sql<{ table: string; column: string }>(
    `SELECT c.relname::text AS table, a.attname::text AS column FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
       JOIN pg_type y ON y.oid = a.atttypid
     WHERE c.relnamespace = $1::text::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> 'id'
       AND (y.typcategory IN ('S', 'I') OR y.typname IN ('json', 'jsonb', 'bytea', 'uuid', '_text', '_uuid', '_jsonb', 'xml', 'hstore'))
       AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attnum = ANY(k.conkey))
     ORDER BY 1, 2`,
    [school.schemaName],
  );

describe('what tells of people', () => {
  it('is named column by column, or said to tell nothing', async () => {
    const unnamed = (await telling()).filter(
      ({ table, column }) => PERSONAL_DATA[table]?.[column] === undefined,
    );
    expect(
      unnamed.map(({ table, column }) => `${table}.${column}`),
      'say in database/personal-data.ts what becomes of these in a copy with inventions',
    ).toEqual([]);
  });

  it('is not named where there is no such column', async () => {
    const there = new Set((await telling()).map(({ table, column }) => `${table}.${column}`));
    const named = Object.entries(PERSONAL_DATA).flatMap(([table, columns]) =>
      Object.keys(columns).map((column) => `${table}.${column}`),
    );
    expect(named.filter((name) => !there.has(name))).toEqual([]);
  });
});

describe('what archives carry', () => {
  it('every shared table with rows of schools is carried, reckoned or left out on purpose, and goes with its school', async () => {
    const rows = await t.sql<{ name: string; cascades: boolean }>(
      `SELECT c.relname::text AS name, EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f'
           AND k.confrelid = 'public.tenants'::regclass AND k.confdeltype = 'c' AND a.attnum = ANY(k.conkey)) AS cascades
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1`,
    );
    expect(Object.keys(SHARED_TABLES).toSorted()).toEqual(
      [...rows.map(({ name }) => name), 'tenants'].toSorted(),
    );
    expect(rows.filter(({ cascades }) => !cascades).map(({ name }) => name)).toEqual([
      'bundle_restores',
      'bundles',
    ]);
  });

  it('every table with a key of the store is known to speak of files', async () => {
    const rows = await t.sql<{ name: string }>(
      `SELECT c.relname::text AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname ~ 'storage_key'
       WHERE c.relnamespace = $1::text::regnamespace AND c.relkind = 'r' ORDER BY 1`,
      [school.schemaName],
    );
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(STORED_FILES).toSorted());
  });
});
