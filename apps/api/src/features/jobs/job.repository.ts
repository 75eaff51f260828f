import type { JobFailure, JobProgress, JobStep } from '@preau/contracts/jobs';
import { publishChange, together, type CentralTrx } from '@preau/tenancy';
import { wakeWorker } from '../../database/queue.ts';
import type { Origin } from '../audit/index.ts';
import { Job } from './job.model.ts';

export interface NewJob {
  id: string;
  kind: string;
  tenantId: string | null;
  payload: unknown;
  uniqueKey: string | null;
  maxAttempts: number;
}

const json = (value: unknown): string => JSON.stringify(value ?? null);
const announce = (trx: CentralTrx, id: string): Promise<void> => publishChange(trx, { kind: 'job', id });

/** Enters a job, or answers null when one of its kind and key is under way. */
export async function insertJob(trx: CentralTrx, origin: Origin, job: NewJob): Promise<string | null> {
  const { actor, requestId } = origin;
  const { rows } = await trx.raw(
    `INSERT INTO public.jobs (id, kind, tenant_id, payload, unique_key, max_attempts, actor_type, actor_id, actor_label, request_id)
     VALUES (?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (kind, unique_key) WHERE status IN ('queued', 'running') DO NOTHING RETURNING id`,
    [
      job.id,
      job.kind,
      job.tenantId,
      json(job.payload),
      job.uniqueKey,
      job.maxAttempts,
      actor.type,
      actor.id,
      actor.label,
      requestId,
    ] as never,
  );
  if (rows.length === 0) return null;
  await announce(trx, job.id);
  return job.id;
}

/**
 * Enters a job that the caller is about to run itself, or takes over the open one of its kind and key, whoever has it: for
 * work whose own lock decides who does it. Nobody is woken; the sweep finds it should this process die.
 */
export async function beginJob(trx: CentralTrx, origin: Origin, job: NewJob, owner: string): Promise<Job> {
  const { actor, requestId } = origin;
  const entered = trx.raw(
    `INSERT INTO public.jobs AS j (id, kind, tenant_id, payload, unique_key, max_attempts, actor_type, actor_id, actor_label,
       request_id, status, owner, attempts, heartbeat_at, started_at)
     VALUES (?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?, 'running', ?, 1, now(), now())
     ON CONFLICT (kind, unique_key) WHERE status IN ('queued', 'running') DO UPDATE
       SET status = 'running', owner = excluded.owner, attempts = j.attempts + 1, heartbeat_at = now(), steps = '[]',
         started_at = coalesce(j.started_at, now()), version = j.version + 1
     RETURNING *`,
    [
      job.id,
      job.kind,
      job.tenantId,
      json(job.payload),
      job.uniqueKey,
      job.maxAttempts,
      actor.type,
      actor.id,
      actor.label,
      requestId,
      owner,
    ] as never,
  );
  // Announced with it, and once more where it was another's id: nobody is told more than to look.
  const [{ rows }] = await together([entered, announce(trx, job.id)]);
  if (rows[0].id !== job.id) await announce(trx, rows[0].id);
  return rows[0];
}

/** Id of the open job of a kind and key. */
export async function openJobId(trx: CentralTrx, kind: string, uniqueKey: string): Promise<string | null> {
  const row = await Job.query(trx)
    .findOne({ kind, unique_key: uniqueKey })
    .whereIn('status', ['queued', 'running'])
    .select('id');
  return row?.id ?? null;
}

/** Makes a queued job this owner's, or answers undefined: it is somebody's, has ended, or its time has not come. */
export async function claimJob(trx: CentralTrx, id: string, owner: string): Promise<Job | undefined> {
  const { rows } = await trx.raw(
    `UPDATE public.jobs SET status = 'running', owner = ?, attempts = attempts + 1, heartbeat_at = now(), steps = '[]',
       started_at = coalesce(started_at, now()), version = version + 1
     WHERE id = ? AND status = 'queued' AND run_at <= now() + interval '1 second' RETURNING *`,
    [owner, id],
  );
  if (rows[0]) await announce(trx, id);
  return rows[0];
}

/** What every write of a run demands: that the job is still its own. The fence against a run that was taken for dead. */
const MINE = "id = ? AND owner = ? AND status = 'running'";

/**
 * Says that the run lives, and how far it is.
 * @returns whether a person has asked it to stop; null when the job is no longer this run's.
 */
export async function writeBeat(
  trx: CentralTrx,
  id: string,
  owner: string,
  news: { progress: JobProgress | null; steps: JobStep[] } | null,
): Promise<boolean | null> {
  const { rows } = await trx.raw(
    news
      ? `UPDATE public.jobs SET heartbeat_at = now(), progress = ?::jsonb, steps = ?::jsonb, version = version + 1
         WHERE ${MINE} RETURNING cancel_requested`
      : `UPDATE public.jobs SET heartbeat_at = now() WHERE ${MINE} RETURNING cancel_requested`,
    news
      ? ([news.progress === null ? null : json(news.progress), json(news.steps), id, owner] as never)
      : [id, owner],
  );
  if (rows.length === 0) return null;
  if (news) await announce(trx, id);
  return rows[0].cancel_requested;
}

/** Whether the job is this run's; if so, nobody can take it over before the transaction has ended. */
export async function holdJob(trx: CentralTrx, id: string, owner: string): Promise<boolean> {
  const { rows } = await trx.raw(`SELECT FROM public.jobs WHERE ${MINE} FOR NO KEY UPDATE`, [id, owner]);
  return rows.length > 0;
}

export interface Ending {
  status: 'done' | 'failed' | 'cancelled';
  progress: JobProgress | null;
  steps: JobStep[];
  result?: unknown;
  failure?: JobFailure | null;
}

/**
 * Ends a job. False when it was no longer this run's: nothing is written then. Without an owner it ends an open job whoever
 * has it, for a caller whose own lock is the fence.
 */
export async function endJob(
  trx: CentralTrx,
  id: string,
  owner: string | null,
  ending: Ending,
): Promise<boolean> {
  const fence = owner === null ? "id = ? AND status IN ('queued', 'running')" : MINE;
  const ended = trx.raw(
    `UPDATE public.jobs SET status = ?, owner = NULL, finished_at = now(), progress = ?::jsonb, steps = ?::jsonb,
       result = ?::jsonb, failure = ?::jsonb, version = version + 1 WHERE ${fence} RETURNING id`,
    [
      ending.status,
      ending.progress === null ? null : json(ending.progress),
      json(ending.steps),
      ending.result === undefined ? null : json(ending.result),
      ending.failure ? json(ending.failure) : null,
      id,
      ...(owner === null ? [] : [owner]),
    ] as never,
  );
  const [{ rows }] = await together([ended, announce(trx, id)]);
  return rows.length > 0;
}

/** Gives a job back to the queue: after a failure, or because this process is about to end. False when it was not its own. */
export async function requeueJob(
  trx: CentralTrx,
  { id, kind }: Pick<Job, 'id' | 'kind'>,
  owner: string,
  again: {
    inSeconds: number;
    steps: JobStep[];
    progress: JobProgress | null;
    failure: JobFailure | null;
    countsAsAttempt: boolean;
  },
): Promise<boolean> {
  const { rows } = await trx.raw(
    `UPDATE public.jobs SET status = 'queued', owner = NULL, run_at = now() + make_interval(secs => ?::float8), steps = ?::jsonb,
       progress = ?::jsonb, failure = coalesce(?::jsonb, failure), attempts = attempts - ?, version = version + 1
     WHERE ${MINE} RETURNING id`,
    [
      again.inSeconds,
      json(again.steps),
      again.progress === null ? null : json(again.progress),
      again.failure ? json(again.failure) : null,
      again.countsAsAttempt ? 0 : 1,
      id,
      owner,
    ] as never,
  );
  if (rows.length === 0) return false;
  await wakeWorker(trx, { kind, jobId: id, inSeconds: again.inSeconds });
  await announce(trx, id);
  return true;
}

/** Silences that a wake-up may be late before the sweep asks again: the queue may have lost it. A minute unless told. */
const LATE = 4;

/**
 * Finds the jobs whose run has given no sign of life for so long, and those that no worker was woken for, and queues them
 * (again). A job begun as often as it may is failed instead.
 */
export async function sweepJobs(
  trx: CentralTrx,
  silentSeconds: number,
): Promise<{ requeued: Pick<Job, 'id' | 'kind'>[]; failed: Job[] }> {
  const { rows: failed } = await trx.raw(
    `UPDATE public.jobs SET status = 'failed', owner = NULL, finished_at = now(), version = version + 1,
       failure = jsonb_build_object('step', (SELECT s ->> 'name' FROM jsonb_array_elements(steps) s WHERE s ->> 'status' = 'running' LIMIT 1),
         'reason', 'The process that ran it ended without a word', 'at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
     WHERE id IN (SELECT id FROM public.jobs WHERE status = 'running' AND attempts >= max_attempts
       AND heartbeat_at < now() - make_interval(secs => ?::float8) FOR UPDATE SKIP LOCKED) RETURNING *`,
    [silentSeconds],
  );
  const { rows: requeued } = await trx.raw(
    `UPDATE public.jobs SET status = 'queued', owner = NULL, run_at = now(), version = version + 1
     WHERE id IN (SELECT id FROM public.jobs WHERE (status = 'running' AND attempts < max_attempts
         AND heartbeat_at < now() - make_interval(secs => ?::float8))
       OR (status = 'queued' AND run_at < now() - make_interval(secs => ?::float8)) FOR UPDATE SKIP LOCKED) RETURNING id, kind`,
    [silentSeconds, LATE * silentSeconds],
  );
  for (const { id, kind } of requeued) await wakeWorker(trx, { kind, jobId: id });
  for (const { id } of [...failed, ...requeued]) await announce(trx, id);
  return { requeued, failed };
}

/** Forgets what has ended long ago, some at a time. */
export async function pruneJobs(trx: CentralTrx, days: number): Promise<void> {
  await trx.raw(
    `DELETE FROM public.jobs WHERE id IN (SELECT id FROM public.jobs
       WHERE finished_at < now() - make_interval(days => ?) ORDER BY finished_at LIMIT 1000)`,
    [days],
  );
}

/** Cancels a job that nobody runs, or asks the run of one to stop. Undefined when it has ended. */
export async function cancelJob(trx: CentralTrx, id: string): Promise<Job | undefined> {
  const { rows } = await trx.raw(
    `UPDATE public.jobs SET cancel_requested = true, version = version + 1,
       status = CASE status WHEN 'queued' THEN 'cancelled' ELSE status END,
       finished_at = CASE status WHEN 'queued' THEN now() END
     WHERE id = ? AND status IN ('queued', 'running') RETURNING *`,
    [id],
  );
  if (rows[0]) await announce(trx, id);
  return rows[0];
}
