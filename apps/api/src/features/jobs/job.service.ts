import type { JobQuery } from '@preau/contracts/jobs';
import type { CentralTrx, Tenancy } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { wakeWorker } from '../../database/queue.ts';
import { AppError } from '../../platform/app-error.ts';
import { validateBody } from '../../platform/validation.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import type { JobDefinition } from './define-job.ts';
import { getJobRow, listJobRows, type JobRow } from './job.read-model.ts';
import { cancelJob, insertJob, openJobId } from './job.repository.ts';

export type JobService = ReturnType<typeof createJobService>;

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
}: {
  tenancy: Tenancy;
  kinds: ReadonlyMap<string, JobDefinition>;
}) {
  const get = (id: string): Promise<JobRow> =>
    tenancy.central(({ trx }) => getJobRow(trx, id), { readOnly: true });

  return {
    kinds,
    /**
     * Starts a job inside the caller's transaction: rolled back, there was none; committed, a worker runs it whatever becomes
     * of this process.
     * @returns its id. Throws `job_in_progress` for a second one of the same `uniqueKey`, `invalid_input` for a payload that
     * is not the kind's.
     */
    async start(
      trx: CentralTrx,
      origin: Origin,
      { kind, tenantId = null, payload, uniqueKey }: StartJob,
    ): Promise<string> {
      const definition = kinds.get(kind);
      if (!definition) throw new Error(`No feature declares jobs of kind ${kind}`);
      validateBody(definition.payload, payload);
      const job = {
        id: uuidv7(),
        kind,
        tenantId,
        payload,
        uniqueKey: uniqueKey ?? null,
        maxAttempts: definition.maxAttempts ?? 1,
      };
      const id = await insertJob(trx, origin, job);
      if (id === null) {
        const job_id = await openJobId(trx, kind, uniqueKey ?? '');
        throw new AppError('job_in_progress', { details: { job_id }, extensions: { job_id } });
      }
      await wakeWorker(trx, { kind, jobId: id });
      return id;
    },

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
