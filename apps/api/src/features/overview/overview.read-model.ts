import { FULLEST_SCHOOLS, GROWTH_MONTHS, type Overview } from '@preau/contracts/overview';
import type { CentralTrx } from '@preau/tenancy';
import { STORAGE_LIMIT } from '../media/index.ts';

const LATELY = "now() - interval '24 hours'";

/**
 * All figures in one query over the platform's own tables: no school's schema is looked into.
 * @param head version of the tenant ladder that schools should be at; null where there is none
 */
export async function readOverview(trx: CentralTrx, head: string | null): Promise<Overview> {
  const { rows } = await trx.raw(
    `WITH schools AS (
       SELECT t.id, t.name, t.status, t.created_on, t.schema_name, u.total_users, u.student_count,
         u.storage_bytes AS used, ${STORAGE_LIMIT} AS room, t.max_students
       FROM public.tenants t JOIN public.tenant_usage u ON u.tenant_id = t.id
     ), months AS (
       SELECT to_char(month, 'YYYY-MM') AS name, month AT TIME ZONE 'UTC' AS starts,
         (month + interval '1 month') AT TIME ZONE 'UTC' AS ends
       FROM generate_series(0, :months::int - 1) AS n,
         LATERAL (SELECT date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => n) AS month) m
     ), lately AS (
       SELECT status, count(*)::int AS jobs FROM public.jobs
       WHERE status IN ('queued', 'running') OR status = 'failed' AND finished_at > ${LATELY}
       GROUP BY status
     )
     SELECT
       (SELECT coalesce(jsonb_object_agg(status, n), '{}') FROM (SELECT status, count(*)::int AS n FROM schools GROUP BY status) s) AS by_status,
       (SELECT jsonb_agg(jsonb_build_object(
          'month', name,
          'created', (SELECT count(*) FROM schools WHERE created_on >= starts AND created_on < ends),
          'total', (SELECT count(*) FROM schools WHERE created_on < ends)
        ) ORDER BY starts) FROM months) AS growth,
       (SELECT jsonb_build_object('users', coalesce(sum(total_users), 0), 'students', coalesce(sum(student_count), 0)) FROM schools) AS people,
       (SELECT jsonb_build_object('used_bytes', coalesce(sum(used), 0), 'limit_bytes', coalesce(sum(room), 0)) FROM schools) AS storage,
       (SELECT coalesce(jsonb_agg(f), '[]') FROM (
          SELECT id, name, used AS used_bytes, room AS limit_bytes, round(used * 100.0 / room, 1)::float AS percentage
          FROM schools WHERE used > 0 AND status <> 'archived' ORDER BY used::float / room DESC, name LIMIT :fullest) f) AS fullest,
       (SELECT coalesce(jsonb_object_agg(status, jobs), '{}') FROM lately) AS jobs,
       (SELECT count(*)::int FROM schools WHERE status <> 'archived' AND used * 100 >= room * 95) AS nearly_full,
       (SELECT count(*)::int FROM schools WHERE status <> 'archived' AND student_count * 100 >= max_students * 95) AS seats_short,
       (SELECT count(*)::int FROM public.signups WHERE status IN ('waiting', 'failed')) AS asked,
       (SELECT count(*)::int FROM public.domains d JOIN schools s ON s.id = d.tenant_id
          WHERE d.status = 'failing' AND s.status <> 'archived') AS failing,
       (SELECT count(*)::int FROM public.schema_versions v JOIN schools s ON s.schema_name = v.schema_name
          WHERE v.ladder = 'tenant' AND v.version IS DISTINCT FROM :head AND s.status <> 'archived') AS behind,
       (SELECT count(*)::int FROM schools s WHERE s.status = 'active' AND NOT EXISTS (
          SELECT FROM public.bundles b WHERE b.tenant_id = s.id AND b.kind = 'backup' AND b.status = 'done'
            AND b.created_at > now() - interval '7 days')) AS unsaved`,
    { head, months: GROWTH_MONTHS, fullest: FULLEST_SCHOOLS } as never,
  );
  const [row] = rows;
  const of = (status: string): number => row.by_status[status] ?? 0;
  const by_status = {
    pending: of('pending'),
    provisioning: of('provisioning'),
    active: of('active'),
    inactive: of('inactive'),
    failed: of('failed'),
    archived: of('archived'),
  };
  const { queued = 0, running = 0, failed = 0 } = row.jobs as Partial<Record<string, number>>;
  return {
    schools: { total: Object.values(by_status).reduce((sum, count) => sum + count, 0), by_status },
    growth: row.growth,
    people: row.people,
    storage: { ...row.storage, fullest: row.fullest },
    jobs: { queued, running, failed },
    alerts: {
      signups_waiting: row.asked,
      provisioning_failed: by_status.failed,
      storage_nearly_full: row.nearly_full,
      seats_nearly_taken: row.seats_short,
      domains_failing: row.failing,
      schools_behind: row.behind,
      jobs_failed: failed,
      backups_missing: row.unsaved,
    },
  };
}
