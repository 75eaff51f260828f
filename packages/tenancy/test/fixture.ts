import { randomUUID } from 'node:crypto';
import { freshDatabase } from '@preau/testkit/databases';
import type { Knex } from 'knex';
import {
  connect,
  createMigrator,
  createTenancy,
  FLEET_TABLES,
  newSchemaName,
  type Ladder,
  type Tenancy,
  type TenantRef,
} from '../src/index.ts';

/** A database with two tenants whose tables hold a row each, and a shared table that no tenant was granted. */
export interface Fixture {
  url: string;
  adminUrl: string;
  knex: Knex;
  tenancy: Tenancy;
  hugo: TenantRef;
  curie: TenantRef;
  effectErrors: unknown[];
  close(): Promise<void>;
}

const publicLadder: Ladder = {
  digest: 'test',
  migrations: [
    {
      name: '20260101_000001_shared',
      up: (trx) =>
        trx.raw(
          `CREATE TABLE public.platform_secrets (id int PRIMARY KEY); INSERT INTO public.platform_secrets VALUES (1); CREATE TABLE public.pages (id int); ${FLEET_TABLES}`,
        ),
      down: (trx) => trx.raw('DROP TABLE public.platform_secrets, public.pages'),
    },
  ],
};

export const tenantLadder: Ladder = {
  digest: 'test',
  migrations: [
    {
      name: '20260101_000001_classes',
      up: async (trx) => {
        await trx.raw('CREATE TABLE classes (id int PRIMARY KEY, name text NOT NULL)');
        await trx.raw(
          'CREATE TABLE pupils (id int PRIMARY KEY, name text NOT NULL, class_id int REFERENCES classes)',
        );
      },
      down: (trx) => trx.raw('DROP TABLE pupils, classes'),
    },
  ],
};

export async function createFixture({ max = 1 }: { max?: number } = {}): Promise<Fixture> {
  const database = await freshDatabase();
  const knex = connect({ url: database.url, max, acquireTimeout: 2_000 });
  const effectErrors: unknown[] = [];
  const tenancy = createTenancy({ knex, onEffectError: (error) => effectErrors.push(error) });
  const migrator = createMigrator({ knex, ladders: { public: publicLadder, tenant: tenantLadder } });
  const report = await migrator.migratePublic();
  if (report.error) throw new Error(report.error);

  const add = async (name: string): Promise<TenantRef> => {
    const tenant = { id: randomUUID(), schemaName: newSchemaName() };
    await tenancy.central(async ({ trx }) => {
      await migrator.buildTenant(trx, tenant.schemaName);
    });
    await tenancy.write(tenant, async ({ trx }) => {
      await trx.raw('INSERT INTO classes VALUES (1, ?)', [`6e ${name}`]);
      await trx.raw('INSERT INTO pupils VALUES (1, ?, 1)', [`Pupil of ${name}`]);
    });
    return tenant;
  };
  return {
    url: database.url,
    adminUrl: database.adminUrl,
    knex,
    tenancy,
    hugo: await add('hugo'),
    curie: await add('curie'),
    effectErrors,
    async close() {
      await knex.destroy();
      await database.drop();
    },
  };
}

/** What a connection of the pool still carries of the last transaction. */
export async function leftOver(
  knex: Knex,
): Promise<{ role: string; search_path: string; tenant_id: string; pid: number }> {
  const { rows } = await knex.raw(
    `SELECT current_user AS role, current_setting('search_path') AS search_path,
       coalesce(current_setting('preau.tenant_id', true), '') AS tenant_id, pg_backend_pid() AS pid`,
  );
  return rows[0];
}
