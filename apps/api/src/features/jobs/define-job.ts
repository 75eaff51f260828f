import type { JobProgress } from '@preau/contracts/jobs';
import type { CentralTrx } from '@preau/tenancy';
import type { Static, TSchema } from 'typebox';
import type { Services } from '../../services.ts';
import type { Origin } from '../audit/index.ts';

/** What a handler is given of its job, and what it may say of it. */
export interface JobRun<P = unknown> {
  readonly id: string;
  readonly tenantId: string | null;
  readonly payload: P;
  /** 1 for the first attempt; more after a failure, or after the process that ran it died. */
  readonly attempt: number;
  /** Whoever started the job, for the audit rows of what it does. */
  readonly origin: Origin;
  /** Aborted when the job was cancelled, was taken over by another process, or this process is about to end. */
  readonly signal: AbortSignal;
  /** How far it is. Cheap to call: written a few times a second at most, and shown to whoever watches. */
  progress(progress: { done: number; total?: number | null; unit?: string }): void;
  /** Runs a part under a name: its time and its failure are shown with the job. */
  step<R>(name: string, work: () => Promise<R>): Promise<R>;
  /**
   * The same for parts that are begun together, such as statements that none needs another's answer of: each one's time is
   * from the end of the one before. Rejects with the first that failed, and only when all have ended.
   */
  steps(parts: readonly { name: string; work: () => Promise<unknown> }[]): Promise<void>;
  /**
   * Inside a transaction of the handler's own: makes its commit impossible once another process has taken the job over, and a
   * take-over wait until it has ended. For work that must not be done twice.
   */
  guard(trx: CentralTrx): Promise<void>;
}

/** A kind of long-running work. A job may be begun again after a failure or a kill: its handler must be idempotent. */
export interface JobDefinition<S extends TSchema = TSchema> {
  /** `noun.verb`, unique: `fleet.migrate`. */
  kind: string;
  /** Checked when it is started. Keep secrets out: it is stored as it is. */
  payload: S;
  /** Times it may be begun; 1 unless told. */
  maxAttempts?: number;
  /** When the platform starts one by itself, with an empty payload: a line of five fields, in UTC. */
  cron?: string;
  /** Seconds before the next attempt, by the number of those that failed; 2, 4, 8… up to 5 minutes unless told. */
  retryAfter?: (attempts: number) => number;
  /** Whether a failure would come again however often it is tried: then it is the last. */
  isFinal?: (error: unknown) => boolean;
  /** Does the work. What it answers is kept as the job's result, as JSON. */
  handler: (run: JobRun<Static<S>>, services: Services) => Promise<unknown>;
  /** Last words when the job has failed for good or was cancelled, e.g. to undo what outlives a rollback. */
  onFailure?: (
    run: Pick<JobRun<Static<S>>, 'id' | 'tenantId' | 'payload' | 'origin'>,
    services: Services,
  ) => Promise<void>;
}

/** Declares a kind of job, for the `jobs` of a feature's descriptor. */
export const defineJob = <const S extends TSchema>(definition: JobDefinition<S>): JobDefinition => definition;

/** As {@link JobRun.progress} takes it, in the shape that is kept. */
export const wholeProgress = (
  { done, total, unit }: Parameters<JobRun['progress']>[0],
  before: JobProgress | null,
): JobProgress => ({
  done: Math.max(0, Math.round(done)),
  total: total === undefined ? (before?.total ?? null) : total,
  unit: unit ?? before?.unit ?? 'items',
});
