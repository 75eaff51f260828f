import type { ModuleKey } from '@preau/contracts/modules';
import type { Tenancy } from '@preau/tenancy';

/** Whether a school has a module on, by the database: for work that does not come in by a route, which asks at the door. */
export const moduleIsOn = (tenancy: Tenancy, tenantId: string, module: ModuleKey): Promise<boolean> =>
  tenancy.central(
    async ({ trx }) => {
      const { rows } = await trx.raw(
        `SELECT coalesce(modules_enabled -> ?::text = 'true', false) AS is_on FROM public.tenants WHERE id = ?`,
        [module, tenantId],
      );
      return rows[0]?.is_on === true;
    },
    { readOnly: true },
  );
