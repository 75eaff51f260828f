import { FleetMigration } from '@preau/contracts/fleet';
import { defineJob } from '../jobs/index.ts';
import { presentReport, presentShared } from './fleet.presenter.ts';
import { runMigration, undoRun, type MigrateOptions } from './fleet.service.ts';

export const MIGRATE_JOB = 'fleet.migrate';

/** Reports of schools that are kept with the job; all of them are with the run. */
const KEPT = 500;

/**
 * Begun again after a kill it does what remains: versions are rows. Not begun again when it was halted or has failed: that is
 * for a person to look at.
 */
export const migrateJob = defineJob({
  kind: MIGRATE_JOB,
  payload: FleetMigration,
  maxAttempts: 3,
  async handler(job, services) {
    const { school, canary, retry_failed: onlyFailed, undo } = job.payload;
    let done = 0;
    let total = 0;
    let runId: string | null = null;
    const say = () => job.progress({ done, total, unit: 'schools' });
    const options: MigrateOptions = {
      origin: job.origin,
      signal: job.signal,
      schema: school === undefined ? undefined : await services.fleet.schemaOf(school),
      canary,
      onlyFailed,
      onStart: (run) => {
        runId = run.id;
        total = run.total;
        say();
      },
      onReport: () => {
        done += 1;
        total = Math.max(total, done);
        say();
      },
    };
    const run = undo ? await undoRun(services, undo, options) : await runMigration(services, options);
    // A run that was stopped has left a record of its own; the job tells why.
    job.signal.throwIfAborted();
    const counts = Object.groupBy(run.reports, ({ outcome }) => outcome);
    return {
      run_id: runId,
      status: run.status,
      reason: run.reason,
      shared: presentShared(run),
      migrated: counts.migrated?.length ?? 0,
      failed: counts.failed?.length ?? 0,
      skipped: counts.skipped?.length ?? 0,
      reports: run.reports
        .filter(({ outcome }) => outcome !== 'migrated')
        .slice(0, KEPT)
        .map(presentReport),
    };
  },
});

export const fleetJobs = [migrateJob];
