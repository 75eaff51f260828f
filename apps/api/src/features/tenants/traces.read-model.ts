import type { CentralTrx } from '@preau/tenancy';

/** Shared tables that keep rows of schools that are erased: the count of their backups, and of what is under way with them. */
const OUTLIVING = ['bundles', 'bundle_restores'];

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Shared tables with a column that says whose a row is. */
export async function tablesOfSchools(trx: CentralTrx): Promise<string[]> {
  const { rows } = await trx.raw(
    `SELECT c.relname::text AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE a.attname = 'tenant_id' AND NOT a.attisdropped AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
     ORDER BY 1`,
  );
  return rows.map(({ name }: { name: string }) => name);
}

/** What the database still has of a school that was erased, in words; nothing, if all went well. */
export async function tracesOf(
  trx: CentralTrx,
  tenantId: string,
  schemaName: string | null,
): Promise<string[]> {
  const traces: string[] = [];
  for (const name of await tablesOfSchools(trx)) {
    if (OUTLIVING.includes(name)) continue;
    const { rows } = await trx.raw(
      `SELECT count(*)::int AS count FROM public.${quoted(name)} WHERE tenant_id = ?`,
      [tenantId],
    );
    if (rows[0].count > 0) traces.push(`${rows[0].count} rows of ${name}`);
  }
  const { rows } = await trx.raw(
    `SELECT 'schema ' || nspname AS trace FROM pg_namespace WHERE nspname = :schemaName
     UNION ALL SELECT 'role ' || rolname FROM pg_roles WHERE rolname = :schemaName
     UNION ALL SELECT 'version of ' || schema_name FROM public.schema_versions WHERE schema_name = :schemaName`,
    { schemaName: schemaName ?? '' },
  );
  return [...traces, ...rows.map(({ trace }: { trace: string }) => trace)];
}

/** Archived schools whose time is over, the longest first. */
export async function expiredTenants(
  trx: CentralTrx,
  now: Date,
): Promise<{ id: string; subdomain: string }[]> {
  const { rows } = await trx.raw(
    "SELECT id, subdomain FROM public.tenants WHERE status = 'archived' AND purge_at <= ? ORDER BY school_type = 'network', purge_at LIMIT 100",
    [now],
  );
  return rows;
}

/** Rows of schools that are not there, by table. Constraints forbid them; this looks all the same. */
export async function strayRows(trx: CentralTrx): Promise<{ table: string; rows: number }[]> {
  const stray: { table: string; rows: number }[] = [];
  for (const table of await tablesOfSchools(trx)) {
    if (OUTLIVING.includes(table)) continue;
    const { rows } = await trx.raw(
      `SELECT count(*)::int AS count FROM public.${quoted(table)} r
       WHERE r.tenant_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.tenants t WHERE t.id = r.tenant_id)`,
    );
    if (rows[0].count > 0) stray.push({ table, rows: rows[0].count });
  }
  return stray;
}

export interface ErasureLine {
  at: Date;
  after: Record<'schema' | 'role' | 'shared_rows' | 'files' | 'files_removed', number> & { mark?: string };
}

/** The line of the trail that says that nothing is left of a school; undefined when there is none. */
export async function erasureLine(trx: CentralTrx, tenantId: string): Promise<ErasureLine | undefined> {
  const { rows } = await trx.raw(
    "SELECT at, after FROM audit.log WHERE tenant_id = ? AND action = 'tenant.erased' ORDER BY at DESC, seq DESC LIMIT 1",
    [tenantId],
  );
  return rows[0];
}
