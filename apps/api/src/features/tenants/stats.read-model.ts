import { BYTES_PER_GB } from '@preau/contracts/units';
import type { TenantStats } from '@preau/contracts/tenant-stats';
import { tableSizes, type CentralTrx } from '@preau/tenancy';
import { effectiveModules } from '../current-tenant/index.ts';
import { presentTenant, toGigabytes, type PublicBase } from './tenant.presenter.ts';
import { getTenantDetail } from './tenant.read-model.ts';

const HISTORY_DAYS = 30;
const DAY = 86_400_000;

interface Usage {
  total_users: number;
  student_count: number;
  teacher_count: number;
  parent_count: number;
  admin_count: number;
  storage_bytes: string;
  storage_reserved: string;
  storage_told: TenantStats['storage_warning'];
}

/**
 * Figures of a school from its counters, its daily rows and the catalogue: as many queries for ten students as for ten
 * thousand, and none reads the school's own tables.
 */
export async function tenantStats(trx: CentralTrx, id: string, base: PublicBase): Promise<TenantStats> {
  const detail = await getTenantDetail(trx, id);
  const { tenant } = detail;
  const usage: Usage = (await trx.raw('SELECT * FROM public.tenant_usage WHERE tenant_id = ?', [id])).rows[0];
  // A day without a change has no row: it is as the last day before it that has one.
  const { rows: history } = await trx.raw(
    `SELECT to_char(days.day, 'YYYY-MM-DD') AS date, coalesce(s.students, 0) AS students, coalesce(s.storage_bytes, 0)::int8 AS storage_bytes,
       CASE WHEN s.day = days.day THEN s.active_users ELSE 0 END AS active_users
     FROM (SELECT (current_date - n)::date AS day FROM generate_series(0, :last) AS n) AS days
     LEFT JOIN LATERAL (
       SELECT d.day, d.students, d.storage_bytes, d.active_users FROM public.tenant_daily_stats d
       WHERE d.tenant_id = :id AND d.day <= days.day ORDER BY d.day DESC LIMIT 1
     ) AS s (day, students, storage_bytes, active_users) ON true
     WHERE days.day >= :created::timestamptz::date ORDER BY days.day`,
    { id, last: HISTORY_DAYS - 1, created: tenant.created_on },
  );
  const bytes = Number(usage.storage_bytes);
  const limit = tenant.max_storage_gb * BYTES_PER_GB;
  const modules = Object.entries(effectiveModules(tenant.modules_enabled));
  return {
    tenant_id: id,
    tenant_name: tenant.name,
    domain_url: presentTenant(detail, base).domain_url,
    is_active: tenant.status === 'active',
    total_users: usage.total_users,
    student_count: usage.student_count,
    teacher_count: usage.teacher_count,
    parent_count: usage.parent_count,
    admin_count: usage.admin_count,
    storage_used_gb: toGigabytes(bytes),
    storage_used_bytes: bytes,
    storage_reserved_bytes: Number(usage.storage_reserved),
    storage_warning: usage.storage_told,
    storage_limit_gb: tenant.max_storage_gb,
    storage_percentage: Math.round((bytes / limit) * 10_000) / 100,
    last_accessed: tenant.last_accessed_at?.toISOString() ?? null,
    days_since_last_access: tenant.last_accessed_at
      ? Math.floor((Date.now() - tenant.last_accessed_at.getTime()) / DAY)
      : null,
    active_modules: modules.filter(([, on]) => on).map(([key]) => key),
    inactive_modules: modules.filter(([, on]) => !on).map(([key]) => key),
    history: history.map(
      (row: { date: string; students: number; storage_bytes: string; active_users: number }) => ({
        ...row,
        storage_bytes: Number(row.storage_bytes),
      }),
    ),
    tables: tenant.provisioned_at ? await tableSizes(trx, tenant.schema_name) : [],
  };
}
