import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  createMigrator,
  createReadyPool,
  createRoleStock,
  newSchemaName,
  type Ladder,
} from '../src/index.ts';
import { createFixture, tenantLadder, type Fixture } from './fixture.ts';

const publicLadder: Ladder = { digest: 'p', migrations: [] };

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture({ max: 4 });
  await fixture.knex.raw('CREATE TABLE public.ready_roles (role_name text PRIMARY KEY)');
  await fixture.knex.raw(
    `CREATE TABLE public.ready_schemas (
       schema_name text PRIMARY KEY REFERENCES public.schema_versions (schema_name) ON DELETE CASCADE,
       built_at timestamptz NOT NULL DEFAULT now())`,
  );
});
afterAll(async () => {
  await fixture.close();
});
afterEach(() => fixture.knex.raw('DELETE FROM public.ready_roles'));

const stock = (size: number) => createRoleStock({ tenancy: fixture.tenancy, size });
const take = (from: ReturnType<typeof stock>) => fixture.tenancy.central(({ trx }) => from.take(trx));
const held = async (): Promise<string[]> =>
  (await fixture.knex.raw('SELECT role_name AS name FROM public.ready_roles ORDER BY 1')).rows.map(
    ({ name }: { name: string }) => name,
  );
const figure = async (sql: string, ...values: string[]): Promise<number> =>
  Number((await fixture.knex.raw(`SELECT (${sql}) AS figure`, values)).rows[0].figure);
/** The grants of a role to the application's, by the transactions that made them. */
const grants = async (name: string): Promise<string[]> =>
  (
    await fixture.knex.raw(
      'SELECT xmin::text AS made FROM pg_auth_members WHERE member = current_user::regrole AND roleid = to_regrole(?) ORDER BY oid',
      [name],
    )
  ).rows.map(({ made }: { made: string }) => made);

describe('the stock of roles', () => {
  it('is filled with roles that the application may become and inherits nothing from', async () => {
    expect(await stock(4).fill()).toBe(4);
    const names = await held();
    expect(names).toHaveLength(4);
    for (const name of names) {
      expect(
        await figure(
          'SELECT count(*) FROM pg_roles WHERE rolname = ? AND NOT rolcanlogin AND NOT rolinherit',
          name,
        ),
      ).toBe(1);
      expect(await figure("SELECT pg_has_role(current_user, ?, 'USAGE')::int", name)).toBe(0);
      await fixture.knex.transaction(async (trx) => {
        await trx.raw(`SET LOCAL ROLE ${name}`);
        expect((await trx.raw('SELECT current_user AS me')).rows[0].me).toBe(name);
      });
    }
  });

  it('is filled again when fewer than half are left, and not before', async () => {
    const four = stock(4);
    await four.fill();
    await take(four);
    await take(four);
    expect(await four.fill()).toBe(0);
    await take(four);
    expect(await four.fill()).toBe(3);
    expect(await held()).toHaveLength(4);
  });

  it('is filled by one of two at a time', async () => {
    const four = stock(4);
    expect((await Promise.all([four.fill(), four.fill()])).toSorted((a, b) => a - b)).toEqual([0, 4]);
  });

  it('gives each taker another, then none, and has back what a rollback returns', async () => {
    const two = stock(2);
    await two.fill();
    const names = await held();
    const undone = new Error('undone');
    await expect(
      fixture.tenancy.central(async ({ trx }) => {
        await two.take(trx);
        throw undone;
      }),
    ).rejects.toBe(undone);
    const taken = await Promise.all([take(two), take(two), take(two)]);
    expect(taken.filter((name) => name !== null).toSorted()).toEqual(names);
    expect(taken).toContain(null);
  });

  it('spares the making of a tenant every grant', async () => {
    const migrator = createMigrator({
      knex: fixture.knex,
      ladders: { public: publicLadder, tenant: tenantLadder },
    });
    const two = stock(2);
    await two.fill();
    const granted = new Map(
      await Promise.all((await held()).map(async (name) => [name, await grants(name)] as const)),
    );
    const pool = createReadyPool({ tenancy: fixture.tenancy, migrator, roles: two, size: 1 });
    expect(await pool.fill()).toEqual({ built: 1, dropped: 0 });
    const name = (await take(two)) ?? '';
    await fixture.tenancy.central(({ trx }) => migrator.buildTenant(trx, name));
    for (const [role, before] of granted) {
      expect(await grants(role)).toEqual(before);
      expect(
        await figure(
          'SELECT count(*) FROM pg_namespace WHERE nspname = ? AND nspowner = ?::regrole',
          role,
          role,
        ),
      ).toBe(1);
    }

    // Without one, the role is made with the tenant.
    const other = newSchemaName();
    await fixture.tenancy.central(({ trx }) => migrator.buildTenant(trx, other));
    expect(await grants(other)).not.toEqual([]);
  });
});
