import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createMigrator,
  dropTenantRole,
  dropTenantSchema,
  newSchemaName,
  type Ladder,
  type Migration,
  type Migrator,
} from '../src/index.ts';
import { createFixture, tenantLadder, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture({ max: 4 });
});
afterAll(() => fixture.close());

const step = (name: string, up: string, down = 'SELECT 1'): Migration => ({
  name,
  up: (trx) => trx.raw(up),
  down: (trx) => trx.raw(down),
});
const withSteps = (...steps: Migration[]): Ladder => ({
  digest: 'more',
  migrations: [...tenantLadder.migrations, ...steps],
});
const publicLadder: Ladder = {
  digest: 'p',
  migrations: [{ name: '20260101_000001_shared', up: async () => {}, down: async () => {} }],
};
const migratorFor = (tenant: Ladder): Migrator =>
  createMigrator({ knex: fixture.knex, ladders: { public: publicLadder, tenant } });

describe('the migrator', () => {
  const grades = step(
    '20260201_000001_grades',
    'CREATE TABLE grades (id int PRIMARY KEY)',
    'DROP TABLE grades',
  );

  it('finds who is behind in one query, migrates them as their own role, and then finds nothing to do', async () => {
    const migrator = migratorFor(withSteps(grades));
    const names = [fixture.hugo.schemaName, fixture.curie.schemaName].toSorted();
    expect((await migrator.behind()).map(({ schemaName }) => schemaName)).toEqual(names);
    const reports = await migrator.migrateTenants(names);
    expect(reports.every(({ applied, error }) => !error && applied[0] === grades.name)).toBe(true);
    await expect(migrator.behind()).resolves.toEqual([]);
    const { rows } = await fixture.knex.raw(
      "SELECT tableowner FROM pg_tables WHERE schemaname = ? AND tablename = 'grades'",
      [names[0] ?? ''],
    );
    expect(rows).toEqual([{ tableowner: names[0] }]);
  });

  it('applies each migration once when two migrators start together', async () => {
    const more = step('20260301_000001_once', 'CREATE TABLE once (id int PRIMARY KEY)');
    const ladder = withSteps(grades, more);
    const reports = await Promise.all(
      [1, 2].map(() => migratorFor(ladder).migrateTenants([fixture.hugo.schemaName])),
    );
    expect(
      reports
        .flat()
        .map(({ applied, error }) => error ?? applied.length)
        .toSorted((a, b) => Number(a) - Number(b)),
    ).toEqual([0, 1]);
  });

  it('keeps nothing of a migration that fails, reports it, and goes on with the others', async () => {
    const broken: Migration = {
      name: '20260401_000001_broken',
      up: async (trx) => {
        await trx.raw('CREATE TABLE half (id int)');
        await trx.raw(
          `DO $$ BEGIN IF current_user = '${fixture.hugo.schemaName}' THEN RAISE EXCEPTION 'not here'; END IF; END $$`,
        );
      },
      down: (trx) => trx.raw('DROP TABLE half'),
    };
    const once = step('20260301_000001_once', 'CREATE TABLE IF NOT EXISTS once (id int PRIMARY KEY)');
    const reports = await migratorFor(withSteps(grades, once, broken)).migrateTenants([
      fixture.hugo.schemaName,
      fixture.curie.schemaName,
    ]);
    const bySchema = new Map(reports.map((report) => [report.schemaName, report]));
    expect(bySchema.get(fixture.hugo.schemaName)?.error).toContain('not here');
    expect(bySchema.get(fixture.curie.schemaName)?.error).toBeUndefined();
    const { rows } = await fixture.knex.raw("SELECT schemaname FROM pg_tables WHERE tablename = 'half'");
    expect(rows).toEqual([{ schemaname: fixture.curie.schemaName }]);
  });

  it('refuses a schema that newer code migrated', async () => {
    const [report] = await migratorFor(tenantLadder).migrateTenants([fixture.curie.schemaName]);
    expect(report?.error).toMatch(/migrated by newer code/);
  });

  it('makes a schema inside a transaction that leaves nothing when it is rolled back, and drops it whole', async () => {
    const migrator = migratorFor(tenantLadder);
    const tenant = { id: randomUUID(), schemaName: newSchemaName() };
    const exists = async () => {
      const { rows } = await fixture.knex.raw(
        'SELECT 1 FROM pg_roles WHERE rolname = :name UNION ALL SELECT 1 FROM pg_namespace WHERE nspname = :name UNION ALL SELECT 1 FROM public.schema_versions WHERE schema_name = :name',
        { name: tenant.schemaName },
      );
      return rows.length;
    };
    const build = (fail: boolean) =>
      fixture.tenancy.central(async ({ trx }) => {
        await migrator.buildTenant(trx, tenant.schemaName);
        if (fail) throw new Error('killed');
      });
    await expect(build(true)).rejects.toThrow('killed');
    expect(await exists()).toBe(0);
    await build(false);
    expect(await exists()).toBe(3);
    await fixture.tenancy.central(async ({ trx }) => {
      await dropTenantSchema(trx, tenant.schemaName);
      await dropTenantRole(trx, tenant.schemaName);
      await migrator.forgetTenant(trx, tenant.schemaName);
    });
    expect(await exists()).toBe(0);
  });
});
