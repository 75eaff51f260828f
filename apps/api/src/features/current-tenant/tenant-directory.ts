import { createHash } from 'node:crypto';
import {
  batchLoads,
  createHostResolver,
  type HostResolver,
  type Layer,
  type SharedHosts,
  type Tenancy,
} from '@preau/tenancy';
import { toSnapshot, type SnapshotRow, type TenantSnapshot } from './tenant-snapshot.ts';

/** Which school, if any, answers at a host. */
export type TenantDirectory = HostResolver<TenantSnapshot>;

const HOSTS = `
  SELECT d.domain AS host, t.id, t.schema_name, t.subdomain, t.status, t.name, t.school_type, t.primary_color,
    t.secondary_color, t.logo_url, t.favicon_url, t.max_students, t.max_storage_gb, t.modules_enabled, t.settings,
    to_char(t.inactive_since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS inactive_since,
    t.inactive_reason, p.domain AS primary_domain, d.redirects AND NOT d.is_primary AS moved
  FROM public.domains d
  JOIN public.tenants t ON t.id = d.tenant_id
  JOIN public.domains p ON p.tenant_id = t.id AND p.is_primary
  WHERE d.domain = ANY(?) AND d.status <> 'pending' AND (d.expires_at IS NULL OR d.expires_at > now())`;

/** Two versions of the product that ask for different rows do not read each other's. */
export const HOST_ROW_SHAPE: string = createHash('sha256').update(HOSTS).digest('hex').slice(0, 12);

export interface DirectoryOptions {
  shared?: SharedHosts<SnapshotRow> | null;
  onLoad?(layer: Layer, known: boolean): void;
}

/** A directory over the shared tables, with its caches. Hosts in none of them are asked for together, in one query. */
export function createTenantDirectory(tenancy: Tenancy, options: DirectoryOptions = {}): TenantDirectory {
  return createHostResolver<TenantSnapshot, SnapshotRow>({
    ...options,
    revive: toSnapshot,
    load: batchLoads((hosts) =>
      tenancy.central(
        async ({ trx }) => {
          const { rows } = await trx.raw(HOSTS, [hosts as string[]]);
          return new Map((rows as SnapshotRow[]).map((row) => [row.host, row]));
        },
        { readOnly: true },
      ),
    ),
  });
}
