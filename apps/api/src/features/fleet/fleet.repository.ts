import type { CentralTrx, SchemaReport } from '@preau/tenancy';

/** Runs that are kept, with what became of each school. */
const KEPT = 200;

/** Writes what the shared tables got in a run: it was done before the run could be entered. */
export async function recordShared(
  trx: CentralTrx,
  runId: string,
  { schemaName, from, to, applied }: SchemaReport,
): Promise<void> {
  await trx.raw(
    `INSERT INTO public.fleet_results (run_id, schema_name, from_version, to_version, applied, attempts)
     VALUES (?, ?, ?, ?, ?, 1)`,
    [runId, schemaName, from, to, applied] as never,
  );
}

/** Forgets the oldest runs. */
export async function pruneRuns(trx: CentralTrx): Promise<void> {
  await trx.raw(
    `WITH old AS (DELETE FROM public.fleet_runs
       WHERE id <= (SELECT id FROM public.fleet_runs ORDER BY id DESC OFFSET ? LIMIT 1) RETURNING id)
     DELETE FROM public.fleet_results WHERE run_id IN (SELECT id FROM old)`,
    [KEPT],
  );
}
