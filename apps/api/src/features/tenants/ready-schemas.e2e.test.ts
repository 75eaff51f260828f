import { catalogueDifference } from '@preau/tenancy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newTenantBody } from '../../../test/support/builders.ts';
import { type Client, superadmin } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem } from '../../../test/support/refusals.ts';
import { migrateFleet } from '../fleet/index.ts';

let t: TestApp;
let admin: Client;
beforeAll(async () => {
  t = await createTestApp({ poolSize: 2 });
  admin = await superadmin(t);
});
afterAll(() => t.close());

const ready = async (): Promise<string[]> =>
  (
    await t.sql<{ schema_name: string }>('SELECT schema_name FROM public.ready_schemas ORDER BY built_at')
  ).map(({ schema_name }) => schema_name);
const create = async (body: object = {}) =>
  (await admin.post('/tenants/', { ...newTenantBody(), ...body })).body;
/** What a schema is, beyond its content: changes when it is dropped and made again. */
const identity = async (schemaName: string): Promise<unknown> =>
  (await t.sql('SELECT oid FROM pg_namespace WHERE nspname = $1', [schemaName]))[0];

describe('a school created while schemas are ready', () => {
  it('has one of them for life: provisioning opens it as it is', async () => {
    await t.services.readyPool.fill();
    const [first, second] = await ready();
    const before = await identity(first ?? '');
    const school = await create();
    expect(school).toMatchObject({ status: 'pending', schema_name: first });
    expect(await ready()).toEqual([second]);
    const { status, body } = await admin.post(`/tenants/${school.id}/provision/`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'active', schema_name: first });
    expect(await identity(first ?? '')).toEqual(before);
    expect((await admin.post(`/tenants/${school.id}/provision/`)).status).toBe(409);
  });

  it('is like one that was built when it was provisioned', async () => {
    await t.services.readyPool.fill();
    const quick = await create({ provision_now: true });
    await t.sql('DELETE FROM public.ready_schemas');
    const slow = await create({ provision_now: true });
    expect([quick.status, slow.status]).toEqual(['active', 'active']);
    expect(await catalogueDifference(t.database.knex, quick.schema_name, slow.schema_name)).toEqual([]);
  });

  it('at the same time as others has one of its own, and the last builds one', async () => {
    await t.services.readyPool.fill();
    const stock = await ready();
    const schools = await Promise.all([1, 2, 3].map(() => create({ provision_now: true })));
    expect(schools.map(({ status }) => status)).toEqual(['active', 'active', 'active']);
    const names = schools.map(({ schema_name }) => schema_name);
    expect(new Set(names).size).toBe(3);
    expect(names).toEqual(expect.arrayContaining(stock));
    expect(await ready()).toEqual([]);
  });

  it('gives it back when the creation is refused', async () => {
    await t.services.readyPool.fill();
    const stock = await ready();
    const taken = await create();
    const rest = await ready();
    expectProblem(await admin.post('/tenants/', newTenantBody({ subdomain: taken.subdomain })), {
      code: 'subdomain_taken',
    });
    expect(await ready()).toEqual(rest);
    expect(stock).toEqual([taken.schema_name, ...rest]);
  });

  it('and provisioned before the migrator came by gets a schema of the right version', async () => {
    await t.services.readyPool.fill();
    const school = await create();
    // As it was in an earlier release: without one of the tables.
    await t.sql(`DROP TABLE ${school.schema_name}.announcements CASCADE`);
    await t.sql('UPDATE public.schema_versions SET version = NULL WHERE schema_name = $1', [
      school.schema_name,
    ]);
    const before = await identity(school.schema_name);
    expect((await admin.post(`/tenants/${school.id}/provision/`)).body).toMatchObject({
      status: 'active',
      schema_name: school.schema_name,
    });
    expect(await identity(school.schema_name)).not.toEqual(before);
    const other = await create({ provision_now: true });
    expect(await catalogueDifference(t.database.knex, school.schema_name, other.schema_name)).toEqual([]);
  });

  it('and erased again leaves neither schema nor role nor version', async () => {
    await t.services.readyPool.fill();
    const school = await create();
    const answer = await admin.delete(`/tenants/${school.id}/`, {
      query: { purge: true },
      headers: { 'x-confirm': school.subdomain },
    });
    expect(answer).toMatchObject({ status: 200, body: { purged: true } });
    const left = await t.sql(
      `SELECT 1 FROM pg_namespace WHERE nspname = $1 UNION ALL SELECT 1 FROM pg_roles WHERE rolname = $1
       UNION ALL SELECT 1 FROM public.schema_versions WHERE schema_name = $1`,
      [school.schema_name],
    );
    expect(left).toEqual([]);
  });
});

describe('migrating the fleet', () => {
  it('reaches schemas that are ready and those of schools that were not provisioned yet', async () => {
    await t.services.readyPool.fill();
    const school = await create();
    await t.services.readyPool.fill();
    const names = [...(await ready()), school.schema_name];
    expect(names).toHaveLength(3);
    for (const name of names) while (await t.database.migrator.rollbackLast(name));
    const reports = await migrateFleet(t.database);
    expect(new Set(reports.map(({ schemaName }) => schemaName))).toEqual(new Set(names));
    expect(reports.every(({ error }) => !error)).toBe(true);
    expect(await t.services.readyPool.stock()).toEqual({ size: 2, ready: 2, stale: 0 });
  });
});
