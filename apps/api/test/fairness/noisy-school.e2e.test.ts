import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSchool, type School } from '../support/builders.ts';
import { schoolAdmin, type Client } from '../support/clients.ts';
import { createTestApp, type TestApp } from '../support/harness.ts';

let t: TestApp;
let noisy: School;
let quiet: School;
let shouter: Client;
let reader: Client;
beforeAll(async () => {
  t = await createTestApp();
  noisy = await createSchool(t);
  quiet = await createSchool(t);
  shouter = await schoolAdmin(t, noisy);
  reader = await schoolAdmin(t, quiet);
});
afterAll(() => t.close());

/** Makes every query of a school wait until told otherwise: requests as slow as they can be. */
async function slowDown(school: School): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: t.fresh.adminUrl });
  await client.connect();
  await client.query(`BEGIN; LOCK TABLE ${school.schemaName}.announcements IN ACCESS EXCLUSIVE MODE`);
  return async () => {
    await client.query('ROLLBACK');
    await client.end();
  };
}

const median = (figures: number[]): number =>
  figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0;

/** Milliseconds of each of a school's requests, one after the other. */
async function ask(client: Client, count: number): Promise<number[]> {
  const figures: number[] = [];
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    const answer = await client.get('/announcements/');
    figures.push(performance.now() - began);
    expect(answer.status).toBe(200);
  }
  return figures;
}

it('a school with two hundred slow requests takes nothing from another one', async () => {
  await ask(reader, 20);
  const alone = await ask(reader, 60);
  const release = await slowDown(noisy);
  const slow = Array.from({ length: 200 }, () => shouter.get('/announcements/'));
  await expect.poll(() => t.services.tenancy.pool.stats().tenants.waiting).toBeGreaterThan(150);

  const beside = await ask(reader, 60);
  const [held] = await t.sql<{ n: number }>(
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  );
  await release();
  const answers = await Promise.all(slow);

  const { max, tenants } = t.services.tenancy.pool.stats();
  expect(held?.n).toBe(tenants.perTenant);
  expect(tenants.perTenant).toBeLessThan(max);
  // A pool that is one queue would make each of them wait for the lock: seconds.
  expect(median(beside)).toBeLessThan(median(alone) * 5 + 20);
  expect(Math.max(...beside)).toBeLessThan(1_000);
  // Those that were slow were all served in the end.
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
});

it('a request that waited in vain is a 503 that says when to come back, and others go on', async () => {
  const release = await slowDown(noisy);
  const { perTenant } = t.services.tenancy.pool.stats().tenants;
  const slow = Array.from({ length: perTenant * 3 }, () => shouter.get('/announcements/'));
  const answers = Promise.all(slow);
  const beside: number[] = [];
  const slowest = { waiting: true };
  void answers.then(() => (slowest.waiting = false));
  while (slowest.waiting) beside.push(...(await ask(reader, 5)));
  await release();

  const kinds = Map.groupBy(await answers, ({ body }) => body.code as string);
  expect([...kinds.keys()].toSorted()).toEqual(['service_unavailable', 'tenant_busy']);
  for (const { status, headers, body } of kinds.get('tenant_busy') ?? []) {
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('1');
    expect(body.detail).toContain('1 s');
  }
  expect(Math.max(...beside)).toBeLessThan(1_000);
  expect((await shouter.get('/announcements/')).status).toBe(200);
});
