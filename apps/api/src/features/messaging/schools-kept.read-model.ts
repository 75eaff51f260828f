import type { Tenancy, TenantRef } from '@preau/tenancy';

/** Schools that have a space of their own. */
export const schoolsKept = (tenancy: Tenancy): Promise<TenantRef[]> =>
  tenancy.central(
    async ({ trx }) => {
      const { rows } = await trx.raw<{ rows: TenantRef[] }>(
        `SELECT id, schema_name AS "schemaName" FROM public.tenants WHERE provisioned_at IS NOT NULL ORDER BY id`,
      );
      return rows;
    },
    { readOnly: true },
  );
