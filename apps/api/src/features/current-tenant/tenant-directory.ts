import { createHostResolver, type HostResolver, type Tenancy } from '@preau/tenancy';
import { toSnapshot, type SnapshotRow, type TenantSnapshot } from './tenant-snapshot.ts';

/** Which school, if any, answers at a host. */
export type TenantDirectory = HostResolver<TenantSnapshot>;

/** A directory over the shared tables, with its cache. One query for a host that is not in memory. */
export function createTenantDirectory(tenancy: Tenancy): TenantDirectory {
  return createHostResolver<TenantSnapshot>({
    load: (host) =>
      tenancy.central(
        async ({ trx }) => {
          const { rows } = await trx.raw(
            `SELECT t.id, t.schema_name, t.subdomain, t.status, t.name, t.school_type, t.primary_color, t.secondary_color,
               t.logo_url, t.favicon_url, t.max_students, t.max_storage_gb, t.modules_enabled, t.settings, t.inactive_since,
               t.inactive_reason, p.domain AS primary_domain
             FROM public.domains d
             JOIN public.tenants t ON t.id = d.tenant_id
             JOIN public.domains p ON p.tenant_id = t.id AND p.is_primary
             WHERE d.domain = ? AND d.status = 'active'`,
            [host],
          );
          const row = rows[0] as SnapshotRow | undefined;
          return row ? toSnapshot(row) : null;
        },
        { readOnly: true },
      ),
  });
}
