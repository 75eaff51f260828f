import { freshDatabase } from '@preau/testkit/databases';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/database/database.ts';
import { withClient } from '@preau/postgres-launcher';
import { createSchool } from '../support/builders.ts';
import { createTestApp, type TestApp } from '../support/harness.ts';

type Sql = (text: string, values?: unknown[]) => Promise<unknown[]>;

/**
 * All that PostgreSQL knows of a schema, its own name written as `*`: two schemas are equal when their catalogues are. A
 * column's place is its place among those that are there: a number that was dropped is not given out again.
 */
async function catalogueOf(sql: Sql, schema: string): Promise<string[]> {
  const rows = (await sql(
    `SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull
         || ' ' || row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum)
         || ' ' || a.attidentity::text || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || ' ' || a.attcollation::regcollation::text AS line
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
       WHERE c.relnamespace = $1::text::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p') AND a.attnum > 0 AND NOT a.attisdropped
     UNION ALL SELECT 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = $1::text::regnamespace
     UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = $1
     UNION ALL SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = $1::text::regnamespace
     UNION ALL SELECT 'trigger ' || pg_get_triggerdef(g.oid) FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
       WHERE c.relnamespace = $1::text::regnamespace AND NOT tgisinternal
     UNION ALL SELECT 'type ' || typname || ' ' || coalesce((SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), '')
       FROM pg_type t WHERE typnamespace = $1::text::regnamespace AND typtype IN ('e', 'd')
     UNION ALL SELECT 'relation ' || relname || ' ' || relkind::text || ' ' || pg_get_userbyid(relowner) || ' ' || coalesce(relacl::text, '') || ' ' || relpersistence::text
       FROM pg_class WHERE relnamespace = $1::text::regnamespace
     UNION ALL SELECT 'schema ' || pg_get_userbyid(nspowner) || ' ' || coalesce(nspacl::text, '') FROM pg_namespace WHERE nspname = $1
     ORDER BY 1`,
    [schema],
  )) as { line: string }[];
  return rows.map(({ line }) => line.replaceAll(schema, '*'));
}

describe('the shared ladder', () => {
  let database: Database;
  let drop: () => Promise<void>;
  let sql: Sql;
  beforeAll(async () => {
    const fresh = await freshDatabase();
    drop = fresh.drop;
    database = await openDatabase({ url: fresh.url });
    sql = (text, values = []) =>
      withClient(fresh.adminUrl, async (client) => (await client.query(text, values)).rows);
  });
  afterAll(async () => {
    await database.close();
    await drop();
  });

  const schemas = async () =>
    (await sql(`SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1`)).map(
      (row) => (row as { nspname: string }).nspname,
    );
  const whole = async () =>
    Object.fromEntries(
      await Promise.all(
        (await schemas())
          .filter((name) => name !== 'information_schema' && name !== 'extensions')
          .map(async (name) => [name, await catalogueOf(sql, name)] as const),
      ),
    );

  it('goes up, down to nothing and up again to the same', async () => {
    const { migrator } = database;
    const up = await migrator.migratePublic();
    expect(up.error).toBeUndefined();
    expect(up.applied.length).toBeGreaterThan(2);
    const first = await whole();
    expect(first['public']?.length).toBeGreaterThan(100);
    expect(await migrator.migratePublic()).toMatchObject({ applied: [], from: up.to, to: up.to });

    const undone: string[] = [];
    for (let name = await migrator.rollbackLast('public'); name; name = await migrator.rollbackLast('public'))
      undone.push(name);
    expect(undone).toEqual(up.applied.toReversed());
    const left = (await catalogueOf(sql, 'public'))
      .filter((line) => line.startsWith('relation'))
      .map((line) => line.split(' ')[1]);
    expect(left).toEqual(['schema_versions', 'schema_versions_pkey']);
    expect(await schemas()).not.toContain('tenant_api');

    expect((await migrator.migratePublic()).applied).toEqual(up.applied);
    expect(await whole()).toEqual(first);
  });

  it('reaches the same end from every version on the way', async () => {
    const { migrator } = database;
    await migrator.migratePublic();
    const head = await whole();
    for (let steps = 1; ; steps += 1) {
      let undone = 0;
      while (undone < steps && (await migrator.rollbackLast('public'))) undone += 1;
      const report = await migrator.migratePublic();
      expect(report.error).toBeUndefined();
      expect(await whole()).toEqual(head);
      if (undone < steps) break;
    }
  });
});

describe('the ladder of schools', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await createTestApp();
  });
  afterAll(() => t.close());

  it('goes up, down to nothing and up again to what a new school has', async () => {
    const [old, fresh] = [await createSchool(t), await createSchool(t)];
    const { migrator } = t.database;
    const head = await catalogueOf(t.sql, fresh.schemaName);
    expect(head.length).toBeGreaterThan(8);
    expect(await catalogueOf(t.sql, old.schemaName)).toEqual(head);

    for (let steps = 1; ; steps += 1) {
      let undone = 0;
      while (undone < steps && (await migrator.rollbackLast(old.schemaName))) undone += 1;
      if (undone > 0) expect(await catalogueOf(t.sql, old.schemaName)).not.toEqual(head);
      if (undone < steps) {
        expect(
          (await catalogueOf(t.sql, old.schemaName)).filter((line) => !line.startsWith('schema')),
        ).toEqual([]);
      }
      expect(await migrator.behind()).toEqual([expect.objectContaining({ schemaName: old.schemaName })]);
      const [report] = await migrator.migrateTenants([old.schemaName]);
      expect(report?.error).toBeUndefined();
      // Built in one go or migrated step by step: one and the same.
      expect(await catalogueOf(t.sql, old.schemaName)).toEqual(head);
      expect(await migrator.behind()).toEqual([]);
      if (undone < steps) break;
    }
  });

  it('is climbed once when two processes begin at once, and a failing school does not stop the others', async () => {
    const schools = [await createSchool(t), await createSchool(t), await createSchool(t)];
    const names = schools.map(({ schemaName }) => schemaName);
    for (const name of names) while (await t.database.migrator.rollbackLast(name));
    const [stuck = ''] = names;
    await t.sql(`CREATE TABLE ${stuck}.announcements (id int)`);
    const other = await openDatabase({ url: t.fresh.url });
    const reports = (
      await Promise.all([t.database.migrator.migrateTenants(names), other.migrator.migrateTenants(names)])
    ).flat();
    await other.close();
    expect(reports.filter(({ error }) => error).map(({ schemaName }) => schemaName)).toEqual([stuck, stuck]);
    for (const name of names.slice(1)) {
      const applied = reports
        .filter(({ schemaName }) => schemaName === name)
        .map((report) => report.applied.length);
      expect(applied.toSorted((a, b) => a - b)[0]).toBe(0);
    }
    expect(await t.database.migrator.behind()).toEqual([expect.objectContaining({ schemaName: stuck })]);
    await t.sql(`DROP TABLE ${stuck}.announcements`);
    expect((await t.database.migrator.migrateTenants([stuck]))[0]?.error).toBeUndefined();
  });
});
