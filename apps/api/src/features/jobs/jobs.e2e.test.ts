import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { Job } from '@preau/contracts/jobs';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createSchool } from '../../../test/support/builders.ts';
import { type Client, platformKey, superadmin } from '../../../test/support/clients.ts';
import { createTestApp, platformDatabase, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';
import { QUEUE_SCHEMA, QUEUE_VERSION } from '../../database/queue.ts';
import { OPERATOR } from '../audit/index.ts';
import { defineJob, followJob, hasEnded, type JobRun, presentJob, type StartJob } from './index.ts';

type Handler = (run: JobRun<{ name: string }>) => Promise<unknown>;
const payload = Type.Object({ name: Type.String() }, { additionalProperties: false });
/** What each job of these tests does, by the name in its payload. */
const handlers = new Map<string, Handler>();
const undone: string[] = [];
const handler = async (run: JobRun<{ name: string }>) => handlers.get(run.payload.name)?.(run);
const onFailure = async ({ payload: { name } }: { payload: { name: string } }) => void undone.push(name);
const kinds = [
  defineJob({ kind: 'test.once', payload, handler, onFailure }),
  defineJob({ kind: 'test.thrice', payload, maxAttempts: 3, retryAfter: () => 0, handler, onFailure }),
];

let t: TestApp;
let admin: Client;
beforeAll(async () => {
  t = await createTestApp({ jobs: kinds });
  admin = await superadmin(t);
});
afterAll(() => t.close());

let counter = 0;
async function start(does: Handler, over: Partial<StartJob> = {}): Promise<{ id: string; name: string }> {
  const name = `job ${(counter += 1)}`;
  handlers.set(name, does);
  const id = await t.services.tenancy.central(({ trx }) =>
    t.services.jobs.start(trx, OPERATOR, { kind: 'test.once', payload: { name }, ...over }),
  );
  return { id, name };
}

/** The job once it has ended, as the stream of its changes tells it; and all that was told. */
async function ended(id: string): Promise<{ job: Job; told: Job[] }> {
  const { text, status, headers } = await admin.get(`/jobs/${id}/events/`);
  expect(status).toBe(200);
  expect(headers['content-type']).toMatch(/^text\/event-stream/);
  const told = Array.from(text.matchAll(/^data: (.*)$/gm), (match) => JSON.parse(match[1] ?? '') as Job);
  return { job: told.at(-1) as Job, told };
}

const never = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

describe('a job', () => {
  it('is run, and shows its steps, progress and result', async () => {
    const school = await createSchool(t, { provisioned: false });
    const { id } = await start(
      async (run) => {
        await run.step('count', async () => run.progress({ done: 1, total: 4, unit: 'schools' }));
        await run.step('rest', async () => run.progress({ done: 4 }));
        return { counted: 4 };
      },
      { tenantId: school.id },
    );
    const { job } = await ended(id);
    expect(job).toMatchObject({
      kind: 'test.once',
      status: 'done',
      tenant: { id: school.id, subdomain: school.subdomain },
      progress: { done: 4, total: 4, unit: 'schools' },
      steps: [
        { name: 'count', status: 'done', error: null },
        { name: 'rest', status: 'done', error: null },
      ],
      attempts: 1,
      result: { counted: 4 },
      failure: null,
      created_by: { type: 'operator' },
    });
    for (const { duration_ms, ended_at } of job.steps) {
      expect(duration_ms).toBeGreaterThanOrEqual(0);
      expect(ended_at).not.toBeNull();
    }
    expect((await admin.get(`/jobs/${id}/`)).body).toEqual(job);
    expect(JSON.stringify(job)).not.toContain('payload');
  });

  it('tells each change to whoever watches, and the end', async () => {
    let reached: () => void = () => {};
    const first = new Promise<void>((resolve) => (reached = resolve));
    const { id } = await start(async (run) => {
      run.progress({ done: 1, total: 2 });
      await first;
      run.progress({ done: 2 });
    });
    await vi.waitUntil(async () => (await t.services.jobs.get(id)).progress?.done === 1);
    const { jobs, jobWatch } = t.services;
    const told: Job[] = [];
    const follow = followJob<Job>(jobWatch, id, {
      read: async () => presentJob(await jobs.get(id)),
      ended: hasEnded,
      signal: new AbortController().signal,
      quietMs: 10_000,
    });
    for await (const job of follow) {
      if (job) told.push(job);
      reached();
    }
    expect(told[0]).toMatchObject({ status: 'running', progress: { done: 1 } });
    expect(told.at(-1)).toMatchObject({ status: 'done', progress: { done: 2 } });
    const versions = told.map(({ version }) => version);
    expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b));
  });

  it('that is rolled back with its cause never was', async () => {
    let id = '';
    await expect(
      t.services.tenancy.central(async ({ trx }) => {
        id = await t.services.jobs.start(trx, OPERATOR, { kind: 'test.once', payload: { name: 'x' } });
        throw new Error('after all not');
      }),
    ).rejects.toThrow('after all not');
    expectProblem(await admin.get(`/jobs/${id}/`), { code: 'not_found' });
    expect(await t.sql('SELECT FROM graphile_worker.jobs WHERE key = $1', [id])).toEqual([]);
  });

  it('with a payload that its kind does not take is refused', async () => {
    await expect(start(async () => {}, { payload: { nam: 'x' } })).rejects.toThrow('invalid_input');
    await expect(start(async () => {}, { kind: 'test.never' })).rejects.toThrow('No feature declares');
  });

  it('that fails says at which step and why, and undoes what it must', async () => {
    const { id, name } = await start(async (run) => {
      await run.step('one', async () => {});
      await run.step('two', () => Promise.reject(new Error('the disk is full')));
    });
    const { job } = await ended(id);
    expect(job).toMatchObject({
      status: 'failed',
      failure: { step: 'two', reason: 'the disk is full' },
      steps: [{ status: 'done' }, { name: 'two', status: 'failed', error: 'the disk is full' }],
    });
    await vi.waitUntil(() => undone.includes(name));
  });

  it('is begun again as often as its kind allows', async () => {
    let times = 0;
    const { id } = await start(
      async ({ attempt }) => {
        times = attempt;
        if (attempt < 3) throw new Error('not yet');
      },
      { kind: 'test.thrice' },
    );
    expect((await ended(id)).job).toMatchObject({ status: 'done', attempts: 3, failure: null });
    expect(times).toBe(3);
  });

  it('of one key is one at a time', async () => {
    let free: () => void = () => {};
    const held = new Promise<void>((resolve) => (free = resolve));
    const { id } = await start(() => held, { uniqueKey: 'fleet' });
    await expect(start(async () => {}, { uniqueKey: 'fleet' })).rejects.toMatchObject({
      code: 'job_in_progress',
      options: { extensions: { job_id: id } },
    });
    const other = await start(async () => {}, { uniqueKey: 'another' });
    await ended(other.id);
    free();
    await ended(id);
    await ended((await start(async () => {}, { uniqueKey: 'fleet' })).id);
  });
});

describe('a job whose process is silent', () => {
  it('is taken over, and what the first run still says is not heard', async () => {
    const runs: JobRun[] = [];
    const { id } = await start(
      async (run) => {
        runs.push(run);
        if (run.attempt > 1) return 'second';
        // As a process that hangs would: its beats stop, seen from the database.
        await t.sql(
          `UPDATE public.jobs SET owner = gen_random_uuid(), heartbeat_at = now() - interval '1 hour' WHERE id = $1`,
          [id],
        );
        await vi.waitUntil(() => run.signal.aborted, { timeout: 10_000 });
        run.progress({ done: 99 });
        return 'first';
      },
      { kind: 'test.thrice' },
    );
    const { job } = await ended(id);
    expect(job).toMatchObject({ status: 'done', attempts: 2, result: 'second', progress: null });
    await vi.waitUntil(() => runs[0]?.signal.aborted);
    await expect(t.services.tenancy.central(({ trx }) => runs[0]!.guard(trx))).rejects.toThrow(
      'taken the job over',
    );
    expect((await admin.get(`/jobs/${id}/`)).body).toEqual(job);
  });

  it('and may not be begun again has failed', async () => {
    const { id, name } = await start(async (run) => {
      void run.step('long', () => never(run.signal)).catch(() => {});
      await vi.waitUntil(async () => (await t.services.jobs.get(id)).steps.length > 0);
      await t.sql(
        `UPDATE public.jobs SET owner = gen_random_uuid(), heartbeat_at = now() - interval '1 hour' WHERE id = $1`,
        [id],
      );
      await never(run.signal);
    });
    expect((await ended(id)).job).toMatchObject({ status: 'failed', failure: { step: 'long' } });
    await vi.waitUntil(() => undone.includes(name));
  });

  it('that the queue lost is queued again', async () => {
    const { id } = await start(async () => 'found');
    await ended(id);
    await t.sql(
      `UPDATE public.jobs SET status = 'queued', finished_at = NULL, run_at = now() - interval '1 hour' WHERE id = $1`,
      [id],
    );
    // The run that there was, and the one that the sweep asked for.
    expect((await ended(id)).job).toMatchObject({ status: 'done', attempts: 2 });
  });
});

describe('a job that nobody wants any more', () => {
  it('is told to stop, and says so', async () => {
    const { id, name } = await start((run) => never(run.signal), { kind: 'test.thrice' });
    await vi.waitUntil(async () => (await t.services.jobs.get(id)).status === 'running');
    expect((await admin.post(`/jobs/${id}/cancel/`)).status).toBe(200);
    expect((await ended(id)).job).toMatchObject({ status: 'cancelled', attempts: 1, failure: null });
    await vi.waitUntil(() => undone.includes(name));
    await expectRefusal(t, () => admin.post(`/jobs/${id}/cancel/`), { code: 'job_ended' });
    const rows = await t.sql<{ action: string; actor_type: string }>(
      'SELECT action, actor_type FROM public.audit_log WHERE target_id = $1 ORDER BY seq',
      [id],
    );
    expect(rows.map(({ action, actor_type }) => `${action} ${actor_type}`)).toEqual([
      'job.start operator',
      'job.cancel user',
    ]);
  });
});

describe('the list of jobs', () => {
  it('is paged, latest first, and filtered', async () => {
    const school = await createSchool(t, { provisioned: false });
    const { id } = await start(async () => {}, { tenantId: school.id });
    await ended(id);
    const { body } = await admin.get('/jobs/', { query: { page_size: 1 } });
    expect(body.results).toHaveLength(1);
    expect(body.results[0].id).toBe(id);
    expect(body.next).toContain('page=2');
    const count = async (query: Record<string, string>) => (await admin.get('/jobs/', { query })).body.count;
    expect(await count({ tenant: school.subdomain })).toBe(1);
    expect(await count({ tenant: school.id, status: 'done', kind: 'test.once' })).toBe(1);
    expect(await count({ tenant: school.id, status: 'failed' })).toBe(0);
    expect(await count({ kind: 'test.other' })).toBe(0);
  });

  it('may be read with the scope, and cancelling needs another', async () => {
    const reader = await platformKey(t, ['jobs:read']);
    expect((await reader.get('/jobs/')).status).toBe(200);
    const { id } = await start(async () => {});
    await ended(id);
    expectProblem(await reader.post(`/jobs/${id}/cancel/`), { code: 'permission_denied' });
  });
});

describe('the queue', () => {
  it('is at the version that the product takes for its last', async () => {
    const { rows } = await t.database.knex.raw(`SELECT max(id) AS version FROM ${QUEUE_SCHEMA}.migrations`);
    expect(rows[0].version).toBe(QUEUE_VERSION);
  });

  it('is out of reach of a school’s role', async () => {
    const school = await createSchool(t);
    for (const text of [
      'SELECT * FROM graphile_worker.jobs',
      "SELECT graphile_worker.add_job('test.once')",
      'SELECT * FROM public.jobs',
    ]) {
      await expect(t.services.tenancy.write(school.ref, ({ trx }) => trx.raw(text))).rejects.toThrow(
        /permission denied for (schema|table)/,
      );
    }
  });
});

describe('a process that ends', () => {
  it('gives back what it runs, to be begun again elsewhere at once', async () => {
    const fresh = await platformDatabase();
    const first = await createTestApp({ fresh, jobs: kinds });
    handlers.set('long', (run) => never(run.signal));
    const id = await first.services.tenancy.central(({ trx }) =>
      first.services.jobs.start(trx, OPERATOR, { kind: 'test.once', payload: { name: 'long' } }),
    );
    await vi.waitUntil(async () => (await first.services.jobs.get(id)).status === 'running');
    const second = await createTestApp({ fresh, jobs: kinds });
    handlers.set('long', async () => 'elsewhere');
    await first.close();
    const { text } = await (await superadmin(second)).get(`/jobs/${id}/events/`);
    // The attempt that was cut short is not held against it.
    expect(text).toMatch(/"status":"done".*"attempts":1.*"result":"elsewhere"/);
    await second.close();
    await fresh.drop();
  });

  it('ends the streams of those who watch', async () => {
    const apart = await createTestApp({ fresh: t.fresh });
    const { id } = await start((run) => never(run.signal));
    const port = await apart.listen();
    const { headers } = await superadmin(apart);
    const asked = get({
      port,
      path: `/api/v1/jobs/${id}/events/`,
      headers: { ...headers, host: apart.consoleHost },
    });
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const [first] = (await once(answer, 'data')) as [Buffer];
    expect(first.toString()).toContain('event: job');
    const end = once(answer, 'end');
    await apart.close();
    await end;
    await t.services.jobs.cancel(OPERATOR, id);
    await ended(id);
  });
});
