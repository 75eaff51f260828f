import type { CentralTrx } from '@preau/tenancy';

/** Figures of the whole installation, the same whichever process is asked. */
export interface InstallationFigures {
  schools: { status: string; held: number }[];
  openJobs: { kind: string; status: string; held: number }[];
  /** Seconds that the job that has waited longest is over its time; 0 when none waits. */
  longestWait: number;
  /** Schools in use whose tables are not at the given version. */
  behind: number;
  readySchemas: number;
}

/** All of it in one query. The schools are counted, which takes milliseconds with ten thousand; the rest is read by index. */
export async function readFigures(trx: CentralTrx, head: string): Promise<InstallationFigures> {
  const { rows } = await trx.raw(
    `SELECT
       (SELECT coalesce(json_agg(s), '[]') FROM (
          SELECT status, count(*)::int AS held FROM public.tenants GROUP BY status) s) AS schools,
       (SELECT coalesce(json_agg(j), '[]') FROM (
          SELECT kind, status, count(*)::int AS held FROM public.jobs
          WHERE status IN ('queued', 'running') GROUP BY kind, status) j) AS "openJobs",
       (SELECT coalesce(max(extract(epoch FROM now() - run_at)), 0)::float FROM public.jobs
          WHERE status = 'queued' AND run_at <= now()) AS "longestWait",
       (SELECT count(*)::int FROM public.tenants t JOIN public.schema_versions v USING (schema_name)
          WHERE t.status <> 'archived' AND v.version IS DISTINCT FROM :head) AS behind,
       (SELECT count(*)::int FROM public.ready_schemas) AS "readySchemas"`,
    { head },
  );
  return rows[0];
}
