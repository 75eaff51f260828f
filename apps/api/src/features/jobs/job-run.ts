import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { JobProgress, JobStep } from '@preau/contracts/jobs';
import type { Tenancy } from '@preau/tenancy';
import type { JobRun } from './define-job.ts';
import { wholeProgress } from './define-job.ts';
import type { Job } from './job.model.ts';
import { holdJob, writeBeat } from './job.repository.ts';
import type { Actor, Origin } from '../audit/index.ts';

/** Why a run's signal was aborted. */
export class RunStopped extends Error {
  readonly why: 'cancelled' | 'lost' | 'shutdown';

  constructor(why: RunStopped['why']) {
    super(
      why === 'lost'
        ? 'Another process has taken the job over'
        : why === 'cancelled'
          ? 'Cancelled'
          : 'The process is ending',
    );
    this.why = why;
  }
}

export interface Timing {
  /** Milliseconds before the first write: what is over by then is written by its end alone. */
  quietMs?: number;
  /** Milliseconds between two signs of life. */
  beatMs: number;
  /** Least milliseconds between two writes of progress. */
  progressMs: number;
  /** Milliseconds that a handler has to heed that it should stop because the process ends. */
  patienceMs: number;
}

/** Whoever started a job, for the audit rows of what it does. */
export const originOfJob = (job: Job): Origin => ({
  actor: { type: job.actor_type, id: job.actor_id, label: job.actor_label } as unknown as Actor,
  ip: null,
  requestId: job.request_id,
});

export interface LiveRun {
  run: JobRun;
  news: { progress: JobProgress | null; steps: JobStep[] };
  /** Ends the signs of life; waits for the one being written, which a transaction that holds the row would keep waiting. */
  rest(): Promise<void>;
  stop(why: RunStopped['why']): void;
}

/** A claimed job under way: gives signs of life, writes what its handler tells of it, hears that it should stop. */
export function beginRun(
  tenancy: Tenancy,
  job: Job,
  owner: string,
  { quietMs = 0, beatMs, progressMs }: Omit<Timing, 'patienceMs'>,
  onError: (error: unknown) => void,
): LiveRun {
  // A handler may speak inside a transaction of its own; what is written for it must not count as part of that one.
  const outside = AsyncLocalStorage.snapshot();
  const controller = new AbortController();
  const resting = new AbortController();
  const news = { progress: job.progress, steps: [] as JobStep[] };
  let told = true;
  let wake = () => {};

  const stop = (why: RunStopped['why']) => controller.abort(new RunStopped(why));
  const tell = () => {
    told = false;
    wake();
  };

  async function beat(): Promise<void> {
    const fresh = told ? null : news;
    told = true;
    try {
      const cancelled = await tenancy.central(({ trx }) => writeBeat(trx, job.id, owner, fresh));
      if (cancelled === null) stop('lost');
      else if (cancelled) stop('cancelled');
    } catch (error) {
      // The database may come back before the job is taken for dead; if it does not, nothing could be written anyway.
      if (fresh) told = false;
      onError(error);
      await delay(beatMs / 2, undefined, { signal: resting.signal, ref: false }).catch(() => {});
    }
  }

  async function live(): Promise<void> {
    await delay(quietMs, undefined, { signal: resting.signal, ref: false }).catch(() => {});
    while (!resting.signal.aborted) {
      const next = new AbortController();
      wake = () => next.abort();
      if (told) {
        const signal = AbortSignal.any([next.signal, resting.signal]);
        await delay(beatMs, undefined, { signal, ref: false }).catch(() => {});
      }
      if (resting.signal.aborted) return;
      await beat();
      await delay(progressMs, undefined, { signal: resting.signal, ref: false }).catch(() => {});
    }
  }
  const living = outside(live);

  const run: JobRun = {
    id: job.id,
    tenantId: job.tenant_id,
    payload: job.payload,
    attempt: job.attempts,
    origin: originOfJob(job),
    signal: controller.signal,
    progress(progress) {
      news.progress = wholeProgress(progress, news.progress);
      tell();
    },
    async step(name, work) {
      controller.signal.throwIfAborted();
      const step: JobStep = {
        name,
        status: 'running',
        started_at: new Date().toISOString(),
        ended_at: null,
        duration_ms: null,
        error: null,
      };
      const began = performance.now();
      const end = (status: 'done' | 'failed', error: string | null) => {
        Object.assign(step, {
          status,
          error,
          ended_at: new Date().toISOString(),
          duration_ms: rounded(performance.now() - began),
        });
        tell();
      };
      news.steps.push(step);
      tell();
      try {
        const result = await work();
        end('done', null);
        return result;
      } catch (error) {
        end('failed', reasonOf(error));
        throw error;
      }
    },
    async steps(parts) {
      const works = parts.map(({ work }) => work());
      // The one that is waited for below is not always the one that fails first.
      for (const work of works) work.catch(() => {});
      try {
        for (const [at, { name }] of parts.entries())
          await run.step(name, () => works[at] as Promise<unknown>);
      } finally {
        await Promise.allSettled(works);
      }
    },
    async guard(trx) {
      if (await holdJob(trx, job.id, owner)) return;
      stop('lost');
      controller.signal.throwIfAborted();
    },
  };
  return {
    run,
    news,
    stop,
    async rest() {
      resting.abort();
      await living;
    },
  };
}

export const rounded = (milliseconds: number): number => Math.round(milliseconds * 10) / 10;

/** What a person may read of a failure. */
export const reasonOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.length > 2_000 ? `${text.slice(0, 2_000)}…` : text;
};
