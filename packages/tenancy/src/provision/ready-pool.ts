import type { TenantBuilder } from '../migrate/build-tenant.ts';
import { lockSchema, VERSIONS } from '../migrate/versions.ts';
import type { CentralTrx, Tenancy } from '../run/tenancy.ts';
import { newSchemaName, type SchemaName } from '../tenant-ref.ts';
import type { RoleStock } from './role-stock.ts';
import { dropTenantSchema } from './tenant-schema.ts';

/** Schemas that are built and wait for a school, in `public.ready_schemas`. */
const READY = 'public.ready_schemas';

export interface PoolStock {
  /** Wanted. */
  size: number;
  /** Built, at the head of the ladder: what can be taken. */
  ready: number;
  /** Built, but not at the head: not taken until the migrator has been there. */
  stale: number;
}

export interface PoolFilling {
  built: number;
  dropped: number;
}

export interface ReadyPool {
  /**
   * Takes a ready schema out of the pool for a school, inside the caller's transaction: one row, and back again when it is
   * rolled back. Two at once take two. Null when there is none, or the pool is off: the school's schema is then built when
   * the school is provisioned.
   */
  take(trx: CentralTrx): Promise<SchemaName | null>;
  /**
   * Builds what is missing and drops what is too much, each in a transaction of its own. One process of the installation at a
   * time; another that comes meanwhile does nothing.
   */
  fill(): Promise<PoolFilling>;
  stock(): Promise<PoolStock>;
}

export interface ReadyPoolOptions {
  tenancy: Tenancy;
  migrator: Pick<TenantBuilder, 'buildTenant' | 'forgetTenant' | 'tenantVersion'>;
  /** Where the roles of its schemas come from. */
  roles: Pick<RoleStock, 'take'>;
  /** Schemas to hold; 0 is off. The same in all processes of an installation, else they undo each other's work. */
  size: number;
}

/**
 * A small stock of schemas without a school. Each has its random name, its role and its tables, and is a row of the versions
 * like any other: the migrator keeps it up to date, and drift is looked for in it.
 */
export function createReadyPool({ tenancy, migrator, roles, size }: ReadyPoolOptions): ReadyPool {
  /** One schema more or less; null when there are as many as wanted, or somebody else is at it. */
  const step = (): Promise<keyof PoolFilling | null> =>
    tenancy.central(async ({ trx }) => {
      const { rows: locks } = await trx.raw(
        "SELECT pg_try_advisory_xact_lock(hashtextextended('preau.ready', 0)) AS mine",
      );
      if (!locks[0].mine) return null;
      // Stale ones count: the migrator will bring them up, and a process of an older version must not replace them.
      const { rows: counted } = await trx.raw(`SELECT count(*)::int AS held FROM ${READY}`);
      const { held } = counted[0];
      if (held < size) {
        const name = (await roles.take(trx)) ?? newSchemaName();
        await migrator.buildTenant(trx, name);
        await trx.raw(`INSERT INTO ${READY} (schema_name) VALUES (?)`, [name]);
        return 'built';
      }
      if (held === size) return null;
      const { rows } = await trx.raw(
        `DELETE FROM ${READY} WHERE schema_name = (
           SELECT schema_name FROM ${READY} ORDER BY built_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING schema_name`,
      );
      if (!rows[0]) return null;
      const name = rows[0].schema_name;
      await lockSchema(trx, name);
      await dropTenantSchema(trx, name);
      await migrator.forgetTenant(trx, name);
      return 'dropped';
    });

  return {
    async take(trx) {
      if (size === 0) return null;
      const { rows } = await trx.raw(
        `DELETE FROM ${READY} WHERE schema_name = (
           SELECT r.schema_name FROM ${READY} r JOIN ${VERSIONS} v USING (schema_name)
           WHERE v.version = ? ORDER BY r.built_at LIMIT 1 FOR UPDATE OF r SKIP LOCKED) RETURNING schema_name`,
        [migrator.tenantVersion ?? ''],
      );
      return rows[0]?.schema_name ?? null;
    },

    async fill() {
      const done: PoolFilling = { built: 0, dropped: 0 };
      for (let change = await step(); change; change = await step()) done[change] += 1;
      return done;
    },

    stock: () =>
      tenancy.central(
        async ({ trx }) => {
          const { rows } = await trx.raw(
            `SELECT count(*) FILTER (WHERE v.version = :head)::int AS ready,
               count(*) FILTER (WHERE v.version IS DISTINCT FROM :head)::int AS stale
             FROM ${READY} JOIN ${VERSIONS} v USING (schema_name)`,
            { head: migrator.tenantVersion ?? '' },
          );
          return { size, ...rows[0] };
        },
        { readOnly: true },
      ),
  };
}
