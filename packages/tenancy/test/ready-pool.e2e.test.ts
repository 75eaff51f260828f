import { withClient } from '@preau/postgres-launcher';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  catalogueDifference,
  createMigrator,
  createPoolKeeper,
  createReadyPool,
  type Ladder,
} from '../src/index.ts';
import { createFixture, tenantLadder, type Fixture } from './fixture.ts';

const publicLadder: Ladder = { digest: 'p', migrations: [] };

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture({ max: 4 });
  await fixture.knex.raw(
    `CREATE TABLE public.ready_schemas (
       schema_name text PRIMARY KEY REFERENCES public.schema_versions (schema_name) ON DELETE CASCADE,
       built_at timestamptz NOT NULL DEFAULT now())`,
  );
});
afterAll(() => fixture.close());

const migrator = (tenant: Ladder = tenantLadder) =>
  createMigrator({ knex: fixture.knex, ladders: { public: publicLadder, tenant } });
const pool = (size: number, tenant: Ladder = tenantLadder) =>
  createReadyPool({
    tenancy: fixture.tenancy,
    migrator: migrator(tenant),
    roles: { take: async () => null },
    size,
  });
const take = (from: ReturnType<typeof pool>) => fixture.tenancy.central(({ trx }) => from.take(trx));

/** Schemas, roles and versions there are, apart from those of the two schools. */
async function everything(): Promise<{ schemas: string[]; roles: string[]; versions: string[] }> {
  const of = async (sql: string): Promise<string[]> =>
    (await fixture.knex.raw(sql)).rows
      .map(({ name }: { name: string }) => name)
      .filter((name: string) => ![fixture.hugo.schemaName, fixture.curie.schemaName].includes(name));
  return {
    schemas: await of(`SELECT nspname AS name FROM pg_namespace WHERE nspname ~ '^t_' ORDER BY 1`),
    // Roles are the server's: only those that own something here.
    roles: await of(
      `SELECT DISTINCT rolname AS name FROM pg_roles r JOIN pg_namespace n ON n.nspowner = r.oid WHERE nspname ~ '^t_' ORDER BY 1`,
    ),
    versions: await of(
      `SELECT schema_name AS name FROM public.schema_versions WHERE ladder = 'tenant' ORDER BY 1`,
    ),
  };
}

/** Those that wait for a school. */
const waiting = async (): Promise<string[]> =>
  (await fixture.knex.raw('SELECT schema_name FROM public.ready_schemas ORDER BY schema_name')).rows.map(
    ({ schema_name }: { schema_name: string }) => schema_name,
  );

beforeEach(() => pool(0).fill());

describe('the pool of ready schemas', () => {
  it('is filled with schemas like those of schools, and no further when it is full', async () => {
    const two = pool(2);
    expect(await two.fill()).toEqual({ built: 2, dropped: 0 });
    expect(await two.fill()).toEqual({ built: 0, dropped: 0 });
    expect(await two.stock()).toEqual({ size: 2, ready: 2, stale: 0 });
    const { schemas, roles, versions } = await everything();
    expect(schemas).toHaveLength(2);
    expect(roles).toEqual(schemas);
    expect(versions).toEqual(schemas);
    for (const name of schemas)
      expect(await catalogueDifference(fixture.knex, fixture.hugo.schemaName, name)).toEqual([]);
  });

  it('gives each taker another one, then none', async () => {
    const two = pool(2);
    await two.fill();
    const schemas = await waiting();
    const taken = await Promise.all([take(two), take(two), take(two)]);
    expect(taken.filter((name) => name === null)).toHaveLength(1);
    expect(taken.filter((name) => name !== null).toSorted()).toEqual(schemas);
    expect(await take(two)).toBeNull();
    expect(await two.fill()).toEqual({ built: 2, dropped: 0 });
  });

  it('has a schema back when the taker’s transaction is rolled back', async () => {
    const one = pool(1);
    await one.fill();
    await expect(
      fixture.tenancy.central(async ({ trx }) => {
        expect(await one.take(trx)).not.toBeNull();
        throw new Error('subdomain taken');
      }),
    ).rejects.toThrow('subdomain taken');
    expect(await one.stock()).toMatchObject({ ready: 1 });
  });

  it('is filled by one of two processes that begin at once', async () => {
    await Promise.all([pool(3).fill(), pool(3).fill(), pool(3).fill()]);
    // Whoever came second left it to the first.
    expect(await waiting()).toHaveLength(3);
  });

  it('keeps nothing of a schema whose builder was killed half-way', async () => {
    const before = await everything();
    await withClient(fixture.adminUrl, async (holder) => {
      // The role, the schema and the tables are made by then.
      await holder.query('BEGIN; LOCK TABLE public.schema_versions IN SHARE MODE');
      const filling = pool(1)
        .fill()
        .catch((error: Error) => error.message);
      await vi.waitUntil(async () => {
        const { rowCount } = await holder.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'relation'`,
        );
        return rowCount === 1;
      });
      expect(await filling).toContain('terminat');
    });
    expect(await everything()).toEqual(before);
    expect(await pool(1).fill()).toEqual({ built: 1, dropped: 0 });
  });

  it('does not give a schema that is not at the head of the ladder; the migrator brings it there', async () => {
    await pool(1).fill();
    const [name = ''] = await waiting();
    const longer: Ladder = {
      digest: 'longer',
      migrations: [
        ...tenantLadder.migrations,
        {
          name: '20260201_000001_grades',
          up: (trx) => trx.raw('CREATE TABLE grades (id int PRIMARY KEY)'),
          down: (trx) => trx.raw('DROP TABLE grades'),
        },
      ],
    };
    const newer = pool(1, longer);
    expect(await newer.stock()).toEqual({ size: 1, ready: 0, stale: 1 });
    expect(await take(newer)).toBeNull();
    // It counts as held: a process of the older version would otherwise build against one of the newer.
    expect(await newer.fill()).toEqual({ built: 0, dropped: 0 });
    expect((await migrator(longer).behind()).map(({ schemaName }) => schemaName)).toContain(name);
    await migrator(longer).migrateTenants([name]);
    expect(await take(pool(1))).toBeNull();
    expect(await take(newer)).toBe(name);
  });

  it('made smaller drops what is too much, and switched off gives nothing and drops all', async () => {
    await pool(3).fill();
    expect(await pool(1).fill()).toEqual({ built: 0, dropped: 2 });
    expect(await take(pool(0))).toBeNull();
    expect(await pool(0).fill()).toEqual({ built: 0, dropped: 1 });
    expect(await pool(0).stock()).toEqual({ size: 0, ready: 0, stale: 0 });
    const { schemas, roles, versions } = await everything();
    expect(roles).toEqual(schemas);
    expect(versions).toEqual(schemas);
  });
});

describe('the keeper of the pool', () => {
  it('fills it at the start and each time it is woken, and ends when told to', async () => {
    const two = pool(2);
    const errors: unknown[] = [];
    const keeper = createPoolKeeper({ fill: [two.fill], onError: (error) => errors.push(error) });
    keeper.wake();
    expect(await two.stock()).toMatchObject({ ready: 0 });
    keeper.start();
    await vi.waitUntil(async () => (await two.stock()).ready === 2);
    expect(await take(two)).not.toBeNull();
    keeper.wake();
    await vi.waitUntil(async () => (await two.stock()).ready === 2);
    await keeper.close();
    expect(await take(two)).not.toBeNull();
    keeper.wake();
    expect(await two.stock()).toMatchObject({ ready: 1 });
    expect(errors).toEqual([]);
  });

  it('goes on after a failure, which it tells', async () => {
    const errors: unknown[] = [];
    let calls = 0;
    let done: () => void = () => {};
    const second = new Promise<void>((resolve) => (done = resolve));
    const keeper = createPoolKeeper({
      every: 1,
      fill: [
        () => {
          calls += 1;
          if (calls === 1) return Promise.reject(new Error('no database'));
          done();
          return Promise.resolve();
        },
      ],
      onError: (error) => errors.push(error),
    });
    keeper.start();
    await second;
    await keeper.close();
    expect(errors).toEqual([new Error('no database')]);
  });
});
