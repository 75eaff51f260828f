import { setTimeout as delay } from 'node:timers/promises';
import type { Runner, TaskList } from 'graphile-worker';
import { QUEUE_SCHEMA, queuePool } from '../../database/queue.ts';
import { AppError } from '../../platform/app-error.ts';
import type { Services } from '../../services.ts';
import { SYSTEM } from '../audit/index.ts';
import { pruneJobs, sweepJobs } from './job.repository.ts';
import { runJob, sayFailed } from './run-job.ts';

export interface JobWorker {
  /** Takes nothing new, tells what is under way to stop, and gives back what has not ended: another process begins it again. */
  close(): Promise<void>;
}

export interface JobWorkerOptions {
  services: Services;
  /** Past any transaction pooler. */
  url: string;
  /** Jobs run at once. */
  concurrency: number;
  /** Seconds without a sign of life after which a job is taken over. */
  silentSeconds: number;
  /** Told of what went wrong besides the jobs themselves. */
  onError: (error: unknown) => void;
}

/** Milliseconds that a handler has to heed that the process ends. */
const PATIENCE = 5_000;
const KEPT_DAYS = 90;
const COME_BACK = 1_000;

/**
 * Runs jobs in this process: the queue wakes it up, the table `public.jobs` says what is to be done. A process that died is
 * noticed by the sweep of any other, and the queue losing a wake-up does no more harm than a minute.
 */
export function startJobWorker(options: JobWorkerOptions): JobWorker {
  const { services, url, concurrency, silentSeconds, onError } = options;
  const {
    tenancy,
    jobs: { kinds },
  } = services;
  const stopping = new AbortController();
  const timing = { beatMs: (silentSeconds * 1_000) / 4, progressMs: 250, patienceMs: PATIENCE };
  const pool = queuePool(url, concurrency + 2, onError);
  let runner: Runner | undefined;

  const timed = [...kinds.values()].flatMap(({ kind, cron }) => (cron ? [{ kind, cron }] : []));
  const taskList: TaskList = Object.fromEntries(
    [...kinds].map(([kind, definition]) => [
      kind,
      (payload: unknown) =>
        runJob(
          (payload as { job_id: string }).job_id,
          definition,
          { services, timing, onError },
          stopping.signal,
        ),
    ]),
  );
  // The queue sees to it that one process of all starts it, also when none was there at its time.
  for (const { kind } of timed)
    taskList[`timed:${kind}`] = async () => {
      await tenancy
        .central(({ trx }) => services.jobs.start(trx, SYSTEM, { kind, payload: {}, uniqueKey: 'timed' }))
        .catch((error: unknown) => {
          if (!(error instanceof AppError && error.code === 'job_in_progress')) throw error;
        });
    };

  async function serve(): Promise<void> {
    const { Logger, parseCronItems, run } = await import('graphile-worker');
    // What a job does is told by the job; what the library cannot do is told here.
    const logger = new Logger(() => (level, message) => {
      if (level === 'error' && !stopping.signal.aborted) onError(new Error(`queue: ${message}`));
    });
    while (!stopping.signal.aborted) {
      try {
        runner = await run({
          pgPool: pool,
          schema: QUEUE_SCHEMA,
          taskList,
          concurrency,
          // A wake-up comes by LISTEN; this is for those whose time comes later.
          pollInterval: 2_000,
          parsedCronItems: parseCronItems(
            timed.map(({ kind, cron }) => ({
              task: `timed:${kind}`,
              match: cron,
              identifier: kind,
              options: { backfillPeriod: 86_400_000, maxAttempts: 3 },
            })),
          ),
          noHandleSignals: true,
          // Later than our own patience: it would cut short the writing of what has ended.
          gracefulShutdownAbortTimeout: 2 * PATIENCE,
          // Without batches the library waits for no completion, and one that fails is an unhandled rejection: the process's end.
          preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
          logger,
        });
        if (stopping.signal.aborted) return;
        await runner.promise;
      } catch (error) {
        // It gives up after some failures in a row, such as a database that is being restarted.
        onError(error);
      }
      await pause(COME_BACK);
    }
  }

  const pause = (milliseconds: number) =>
    delay(milliseconds, undefined, { signal: stopping.signal, ref: false }).catch(() => {});

  async function sweep(): Promise<void> {
    let pruned = 0;
    while (!stopping.signal.aborted) {
      try {
        const { failed } = await tenancy.central(({ trx }) => sweepJobs(trx, silentSeconds));
        for (const job of failed) {
          const definition = kinds.get(job.kind);
          if (definition) await sayFailed(definition, job, services, onError);
        }
        if (Date.now() - pruned > 3_600_000) {
          await tenancy.central(({ trx }) => pruneJobs(trx, KEPT_DAYS));
          pruned = Date.now();
        }
      } catch (error) {
        onError(error);
      }
      await pause((silentSeconds * 1_000) / 3);
    }
  }

  const serving = serve();
  const sweeping = sweep();
  return {
    async close() {
      stopping.abort();
      await runner?.stop().catch(() => {});
      await Promise.all([serving, sweeping]);
      await pool.end();
    },
  };
}
