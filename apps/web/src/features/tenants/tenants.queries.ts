import { useQueryCache } from '@pinia/colada';
import type { Tenant } from '@preau/contracts/tenants';
import { getStats, getTenant, listTenants } from './tenants.api.ts';

const ALL = ['tenants'];

export const tenantQuery = (id: string) => ({ key: [...ALL, 'one', id], query: () => getTenant(id) });

export const statsQuery = (id: string) => ({ key: [...ALL, 'stats', id], query: () => getStats(id) });

/** The networks a school can belong to, for a choice: the first hundred by name. */
export const networksQuery = {
  key: [...ALL, 'networks'],
  query: () => listTenants({ school_type: 'network', page_size: 100 }),
};

/** Takes the school that a change answered: it is shown at once, and every list asks again. */
export function useTenantCache() {
  const cache = useQueryCache();
  return {
    async take(tenant: Tenant): Promise<void> {
      cache.setQueryData(tenantQuery(tenant.id).key, tenant);
      await cache.invalidateQueries({ key: [...ALL, 'list'] });
      await cache.invalidateQueries({ key: networksQuery.key });
    },
    async reload(id: string): Promise<void> {
      await cache.invalidateQueries({ key: tenantQuery(id).key });
    },
    async drop(): Promise<void> {
      await cache.invalidateQueries({ key: [...ALL, 'list'] });
    },
  };
}
