import type { CentralTrx, Tenancy } from '../run/tenancy.ts';
import { newSchemaName, type SchemaName } from '../tenant-ref.ts';
import { tenantRoleText } from './tenant-schema.ts';

/** Roles that are made and wait for a tenant, in `public.ready_roles`. */
const READY = 'public.ready_roles';

export interface RoleStock {
  /**
   * Takes a role for a tenant, inside the caller's transaction, and back again when it is rolled back. Two at once take two.
   * Null when there is none: the role is then made when the tenant is provisioned.
   * @returns its name, which is its schema's to be.
   */
  take(trx: CentralTrx): Promise<SchemaName | null>;
  /** Makes roles up to `size`, all in one transaction, when fewer than half are left. @returns how many. */
  fill(): Promise<number>;
}

/**
 * A stock of roles without a schema.
 *
 * PostgreSQL forgets, in every connection, which roles the application's may become whenever one more may be become, and then
 * looks at all of them: some 20 ms with 5,000. Made one by one, each tenant would cost every connection that; made together,
 * `size` tenants do, and making a tenant costs the same whatever their number.
 */
export function createRoleStock({ tenancy, size }: { tenancy: Tenancy; size: number }): RoleStock {
  return {
    async take(trx) {
      if (size === 0) return null;
      const { rows } = await trx.raw(
        `DELETE FROM ${READY} WHERE role_name = (
           SELECT role_name FROM ${READY} LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING role_name`,
      );
      return rows[0]?.role_name ?? null;
    },

    fill: () =>
      tenancy.central(async ({ trx }) => {
        const { rows: locks } = await trx.raw(
          "SELECT pg_try_advisory_xact_lock(hashtextextended('preau.ready-roles', 0)) AS mine",
        );
        if (!locks[0].mine) return 0;
        const { rows } = await trx.raw(`SELECT count(*)::int AS held FROM ${READY}`);
        const { held } = rows[0];
        if (size === 0 || held * 2 >= size) return 0;
        const names = Array.from({ length: size - held }, () => newSchemaName());
        await trx.raw('SET LOCAL statement_timeout = 0');
        await trx.raw(names.map((name) => tenantRoleText(trx, name)).join(';'));
        await trx.raw(`INSERT INTO ${READY} (role_name) SELECT unnest(?::text[])`, [names as never]);
        return names.length;
      }),
  };
}
