import type { JobQuery } from '@preau/contracts/jobs';
import type { CentralTrx, Tenancy } from '@preau/tenancy';
import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { wakeWorker } from '../../database/queue.ts';
import { AppError } from '../../platform/app-error.ts';
import { validateBody } from '../../platform/validation.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import type { JobDefinition } from './define-job.ts';
import { getJobRow, listJobRows, type JobRow } from './job.read-model.ts';
import type { Job } from './job.model.ts';
import { beginRun, type LiveRun } from './job-run.ts';
import { beginJob, cancelJob, insertJob, type NewJob, openJobId } from './job.repository.ts';

export type JobService = ReturnType<typeof createJobService>;

export type EndStatus = 'done' | 'failed' | 'cancelled';

/** A job that this process runs itself, and the token of this run. */
export interface BegunJob {
  job: Job;
  owner: string;
}

export interface StartJob {
  kind: string;
  /** The school it is about: shown with it, and gone with it. */
  tenantId?: string | null;
  payload: unknown;
  /** At most one open job of this kind and key: a second is refused with `job_in_progress`. */
  uniqueKey?: string;
}

/** Kinds of jobs by name. Throws for two of one name. */
export function jobRegistry(definitions: readonly JobDefinition[]): ReadonlyMap<string, JobDefinition> {
  const kinds = new Map(definitions.map((definition) => [definition.kind, definition]));
  if (kinds.size < definitions.length) throw new Error('Two jobs have the same kind');
  return kinds;
}

/** Long-running work as whoever starts and watches it sees it. Running it is the worker's. */
export function createJobService({
  tenancy,
  kinds,
  silentSeconds,
  onEnd = () => {},
  onError,
}: {
  tenancy: Tenancy;
  kinds: ReadonlyMap<string, JobDefinition>;
  /** Seconds without a sign of life after which a job is taken over. */
  silentSeconds: number;
  /** Is told of jobs that have ended in this process. */
  onEnd?: (kind: string, status: EndStatus, startedAt: Date) => void;
  onError: (error: unknown) => void;
}) {
  function newJob({ kind, tenantId = null, payload, uniqueKey }: StartJob): NewJob {
    const definition = kinds.get(kind);
    if (!definition) throw new Error(`No feature declares jobs of kind ${kind}`);
    validateBody(definition.payload, payload);
    return {
      id: uuidv7(),
      kind,
      tenantId,
      payload,
      uniqueKey: uniqueKey ?? null,
      maxAttempts: definition.maxAttempts ?? 1,
    };
  }

  const get = (id: string): Promise<JobRow> =>
    tenancy.central(({ trx }) => getJobRow(trx, id), { readOnly: true });

  return {
    kinds,
    /**
     * Starts a job inside the caller's transaction: rolled back, there was none; committed, a worker runs it whatever becomes
     * of this process. What somebody asked for is in the trail from then on, whatever the job itself puts down.
     * @returns its id. Throws `job_in_progress` for a second one of the same `uniqueKey`, `invalid_input` for a payload that
     * is not the kind's.
     */
    async start(trx: CentralTrx, origin: Origin, job: StartJob): Promise<string> {
      const id = await insertJob(trx, origin, newJob(job));
      if (id === null) {
        const job_id = await openJobId(trx, job.kind, job.uniqueKey ?? '');
        throw new AppError('job_in_progress', { details: { job_id }, extensions: { job_id } });
      }
      await wakeWorker(trx, { kind: job.kind, jobId: id });
      if (origin.actor.type !== 'system')
        await auditCentral(trx, origin, job.tenantId ?? null, {
          action: 'job.start',
          target: { type: 'job', id },
          after: { kind: job.kind },
        });
      return id;
    },

    /**
     * Begins a job that this process runs itself, now: its row is written in the caller's transaction, or the open one of its
     * kind and key is taken over. For work that a person waits for, and whose own lock decides who does it; should the process
     * die, a worker's handler of the same kind goes on with it. Call `attend` once the transaction has committed.
     */
    async begin(trx: CentralTrx, origin: Origin, job: StartJob & { uniqueKey: string }): Promise<BegunJob> {
      const owner = randomUUID();
      return { owner, job: await beginJob(trx, origin, newJob(job), owner) };
    },

    /** Gives signs of life for a begun job. Its end is written with `endJob`, in the work's own transaction. */
    attend: ({ job, owner }: BegunJob): LiveRun =>
      beginRun(
        tenancy,
        job,
        owner,
        { beatMs: (silentSeconds * 1_000) / 4, progressMs: 250, quietMs: 400 },
        onError,
      ),

    /** Counts a run that has ended here, once its end is written. */
    ended: ({ kind, started_at }: Job, status: EndStatus): void =>
      onEnd(kind, status, started_at ?? new Date()),

    get,
    list: (query: JobQuery) => tenancy.central(({ trx }) => listJobRows(trx, query), { readOnly: true }),

    /** Cancels a queued job at once; asks the run of another to stop, which it does when its handler next looks. */
    cancel: (origin: Origin, id: string): Promise<JobRow> =>
      tenancy.central(async ({ trx }) => {
        const before = await getJobRow(trx, id);
        const cancelled = await cancelJob(trx, id);
        if (!cancelled) throw new AppError('job_ended');
        await auditCentral(trx, origin, before.tenant_id, {
          action: 'job.cancel',
          target: { type: 'job', id },
          before: { status: before.status },
          after: { status: cancelled.status, cancel_requested: true },
        });
        return getJobRow(trx, id);
      }),
  };
}
