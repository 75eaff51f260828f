import { randomUUID } from 'node:crypto';
import type { JobFailure } from '@preau/contracts/jobs';
import type { Services } from '../../services.ts';
import type { JobDefinition } from './define-job.ts';
import type { Job } from './job.model.ts';
import { beginRun, originOfJob, reasonOf, RunStopped, type LiveRun, type Timing } from './job-run.ts';
import { claimJob, endJob, requeueJob } from './job.repository.ts';

export interface RunnerOptions {
  services: Services;
  timing: Timing;
  onError: (error: unknown) => void;
}

const backOff = (attempts: number): number => Math.min(300, 2 ** attempts);

/** Tells a handler that its job has failed for good; what it does about it must not hide the failure. */
export async function sayFailed(
  { onFailure }: JobDefinition,
  job: Job,
  services: Services,
  onError: (error: unknown) => void,
): Promise<void> {
  await onFailure?.(
    { id: job.id, tenantId: job.tenant_id, payload: job.payload, origin: originOfJob(job) },
    services,
  ).catch(onError);
}

/** Runs one job if it is there to be run: at most one run writes to it at any time. Does not reject for a handler that does. */
export async function runJob(
  id: string,
  definition: JobDefinition,
  { services, timing, onError }: RunnerOptions,
  stopping: AbortSignal,
): Promise<void> {
  const { tenancy } = services;
  const owner = randomUUID();
  const job = await tenancy.central(({ trx }) => claimJob(trx, id, owner));
  if (!job) return;
  const live = beginRun(tenancy, job, owner, timing, onError);
  const impatient = Promise.withResolvers<never>();
  let patience: NodeJS.Timeout | undefined;
  const end = () => {
    live.stop('shutdown');
    patience = setTimeout(() => impatient.reject(live.run.signal.reason), timing.patienceMs);
  };
  stopping.addEventListener('abort', end);
  if (stopping.aborted) end();
  let outcome: { result: unknown } | { error: unknown };
  try {
    outcome = { result: await Promise.race([definition.handler(live.run, services), impatient.promise]) };
  } catch (error) {
    outcome = { error };
  } finally {
    stopping.removeEventListener('abort', end);
    clearTimeout(patience);
    await live.rest();
  }
  if ('error' in outcome)
    await endBadly(job, owner, definition, live, outcome.error, { services, timing, onError });
  else {
    const { result } = outcome;
    const ended = await tenancy.central(({ trx }) =>
      endJob(trx, id, owner, { status: 'done', ...live.news, result }),
    );
    if (ended) services.jobs.ended(job, 'done');
  }
}

async function endBadly(
  job: Job,
  owner: string,
  definition: JobDefinition,
  { run, news }: LiveRun,
  error: unknown,
  { services, onError }: RunnerOptions,
): Promise<void> {
  const { tenancy } = services;
  const why = run.signal.aborted && run.signal.reason instanceof RunStopped ? run.signal.reason.why : null;
  if (why === 'lost') return;
  if (why === 'shutdown') {
    // Not the handler's fault: begun again at once, by whichever process is there.
    const again = { inSeconds: 0, ...news, failure: null, countsAsAttempt: false };
    await tenancy.central(({ trx }) => requeueJob(trx, job, owner, again));
    return;
  }
  const step = news.steps.findLast(({ status }) => status !== 'done')?.name ?? null;
  const failure: JobFailure = { step, reason: reasonOf(error), at: new Date().toISOString() };
  if (why === null && job.attempts < job.max_attempts && !definition.isFinal?.(error)) {
    const inSeconds = (definition.retryAfter ?? backOff)(job.attempts);
    await tenancy.central(({ trx }) =>
      requeueJob(trx, job, owner, { inSeconds, ...news, failure, countsAsAttempt: true }),
    );
    return;
  }
  const status = why === 'cancelled' ? 'cancelled' : 'failed';
  const ended = await tenancy.central(({ trx }) =>
    endJob(trx, job.id, owner, { status, ...news, failure: status === 'failed' ? failure : null }),
  );
  if (!ended) return;
  services.jobs.ended(job, status);
  await sayFailed(definition, job, services, onError);
}
