import { startRedis, type ThrowawayRedis } from '@preau/testkit/redis';
import type { FreshDatabase } from '@preau/testkit/databases';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSchool } from '../../../test/support/builders.ts';
import { superadmin, visitor } from '../../../test/support/clients.ts';
import { createTestApp, platformDatabase, type TestApp } from '../../../test/support/harness.ts';

const CHANGES = 12;

let redis: ThrowawayRedis;
let fresh: FreshDatabase;
let processes: TestApp[] = [];

beforeAll(async () => {
  redis = await startRedis();
});
afterEach(async () => {
  for (const process of processes.splice(0)) await process.close();
  await fresh.drop();
});
afterAll(() => redis.stop());

async function start(options: { feed: boolean; redis: boolean }): Promise<[TestApp, TestApp]> {
  fresh = await platformDatabase();
  const one = async () => {
    const process = await createTestApp({
      fresh,
      feed: options.feed,
      ...(options.redis ? { redis: redis.url } : {}),
      // Apart from the others on the same Redis.
      baseDomain: `base-${fresh.url.split('/').at(-1)?.replace(/\W/g, '-')}.test`,
    });
    await process.sharedHosts?.whenUsable();
    processes.push(process);
    return process;
  };
  return [await one(), await one()];
}

describe.each([
  ['by the change feed of the database, without Redis', { feed: true, redis: false }],
  ['by Redis, without the change feed', { feed: false, redis: true }],
  ['by both', { feed: true, redis: true }],
])('of two processes, told %s', (_, options) => {
  it('the one sees within a second what the other changes', { timeout: 60_000 }, async () => {
    const [here, there] = await start(options);
    const admin = await superadmin(here);
    const school = await createSchool(here);
    const themeThere = async (host: string) => visitor(there, host).get('/current-tenant/theme/');
    const seen = async (what: () => Promise<boolean>): Promise<number> => {
      const began = performance.now();
      while (!(await what()) && performance.now() - began < 5_000) await new Promise(setImmediate);
      return performance.now() - began;
    };
    const delays: number[] = [];
    for (let n = 0; n < CHANGES; n += 1) {
      const colour = `#0000${n.toString(16).padStart(2, '0').toUpperCase()}`;
      expect((await themeThere(school.host)).body.primary_color).not.toBe(colour);
      await admin.patch(`/tenants/${school.id}/`, { primary_color: colour });
      delays.push(await seen(async () => (await themeThere(school.host)).body.primary_color === colour));
    }
    const domain = `www.${school.subdomain}.fr`;
    expect((await themeThere(domain)).status).toBe(404);
    const { body } = await admin.post(`/tenants/${school.id}/add_domain/`, { domain, vouched: true });
    delays.push(await seen(async () => (await themeThere(domain)).status === 200));
    await admin.delete(`/tenants/${school.id}/domains/${body.id}/`);
    delays.push(await seen(async () => (await themeThere(domain)).status === 404));
    expect(Math.max(...delays)).toBeLessThan(1_000);
  });
});
