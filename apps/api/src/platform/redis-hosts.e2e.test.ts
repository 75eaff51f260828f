import { createHostResolver, type Forgetting } from '@preau/tenancy';
import { startRedis, type ThrowawayRedis } from '@preau/testkit/redis';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRedisHosts, type RedisHosts } from './redis-hosts.ts';

interface School {
  id: string;
  name: string;
}
const hugo = (name: string): School => ({ id: 'hugo', name });

let server: ThrowawayRedis;
let look: Redis;
let opened: RedisHosts<School>[] = [];
let number = 0;

/** A process of an installation: what it shares, and what it heard. */
async function join(options: { shape?: string; ttl?: number; usable?: boolean } = {}) {
  const errors: Error[] = [];
  const hosts = createRedisHosts<School>({
    url: server.url,
    installation: `test-${number}`,
    shape: options.shape ?? 'one',
    onError: (error) => errors.push(error),
    ...(options.ttl ? { ttl: options.ttl } : {}),
  });
  opened.push(hosts);
  const heard: string[] = [];
  let waiting: { what: string; resolve(): void }[] = [];
  const hear = (what: string): void => {
    heard.push(what);
    waiting = waiting.filter((one) => one.what !== what || one.resolve());
  };
  const listener: Forgetting = {
    tenant: (id) => hear(`tenant ${id}`),
    host: (host) => hear(`host ${host}`),
    all: () => hear('all'),
  };
  hosts.listen(listener);
  const hears = (what: string): Promise<void> =>
    new Promise((resolve) => {
      if (heard.includes(what)) resolve();
      else waiting.push({ what, resolve });
    });
  await hosts.whenUsable();
  // It listens from then on, and takes all for missed.
  await hears('all');
  heard.length = 0;
  return { hosts, heard, hears, errors };
}
const stampOf = async (hosts: RedisHosts<School>, host: string): Promise<string> =>
  (await hosts.find(host))?.stamp ?? '';
async function keep(hosts: RedisHosts<School>, host: string, row: School): Promise<void> {
  hosts.keep(host, row, await stampOf(hosts, host));
}
const found = async (hosts: RedisHosts<School>, host: string) => (await hosts.find(host))?.row;

beforeAll(async () => {
  server = await startRedis();
  look = new Redis(server.url);
  look.on('error', () => {});
});
beforeEach(() => {
  number += 1;
  opened = [];
});
afterEach(() => opened.forEach((hosts) => hosts.close()));
afterAll(async () => {
  look.disconnect();
  await server.stop();
});

describe('hosts in Redis', () => {
  it('are seen by every process of the installation, and by no other', async () => {
    const here = await join();
    const there = await join();
    await keep(here.hosts, 'a.fr', hugo('kept'));
    expect(await found(there.hosts, 'a.fr')).toEqual(hugo('kept'));
    number += 1;
    expect(await found((await join()).hosts, 'a.fr')).toBeUndefined();
  });

  it('of another shape are not read', async () => {
    const here = await join();
    const newer = await join({ shape: 'two' });
    await keep(here.hosts, 'a.fr', hugo('kept'));
    expect(await found(newer.hosts, 'a.fr')).toBeUndefined();
  });

  it('are forgotten with their school, and all are told', async () => {
    const here = await join();
    const there = await join();
    await keep(here.hosts, 'a.fr', hugo('kept'));
    await keep(here.hosts, 'b.fr', hugo('kept'));
    await keep(here.hosts, 'c.fr', { id: 'curie', name: 'kept' });
    there.hosts.forget.tenant('hugo');
    await here.hears('tenant hugo');
    expect(await Promise.all(['a.fr', 'b.fr', 'c.fr'].map((host) => found(here.hosts, host)))).toEqual([
      undefined,
      undefined,
      { id: 'curie', name: 'kept' },
    ]);
    here.hosts.forget.host('c.fr');
    await there.hears('host c.fr');
    expect(await found(there.hosts, 'c.fr')).toBeUndefined();
    expect(here.heard).toEqual(['tenant hugo']);
  });

  it('are not brought back by a process that was paused between the database and its writing', async () => {
    const there = await join();
    const here = await join();
    let answer: (school: School | null) => void = () => {};
    const load = vi.fn(() => new Promise<School | null>((resolve) => (answer = resolve)));
    const kept = vi.spyOn(here.hosts, 'keep');
    const resolver = createHostResolver<School, School>({
      load,
      revive: (row) => row,
      shared: here.hosts,
    });
    const paused = resolver.byHost('removed.fr');
    await expect.poll(() => load.mock.calls.length).toBe(1);
    // It has read the row; another process removes the domain, and all is over before it writes.
    there.hosts.forget.host('removed.fr');
    await expect.poll(() => found(there.hosts, 'removed.fr')).toBeUndefined();
    answer(hugo('as it was'));
    await paused;
    expect(kept).toHaveBeenCalledTimes(1);
    // On the same line, so after its writing.
    expect(await found(here.hosts, 'removed.fr')).toBeUndefined();
    expect(await look.keys(`*${number}}*removed.fr`)).toEqual([]);
  });

  it('do not hold an unknown host, however many are asked for', async () => {
    const { hosts } = await join();
    const resolver = createHostResolver<School, School>({
      load: async () => null,
      revive: (row) => row,
      shared: hosts,
    });
    await Promise.all(Array.from({ length: 300 }, (_, at) => resolver.byHost(`probe-${at}.fr`)));
    expect((await look.keys(`{preau:test-${number}}*`)).toSorted()).toEqual([
      `{preau:test-${number}}:epoch`,
      `{preau:test-${number}}:generation`,
    ]);
  });

  it('end by themselves, with what is known of their school', async () => {
    const { hosts } = await join({ ttl: 40 });
    await keep(hosts, 'a.fr', hugo('kept'));
    expect(await found(hosts, 'a.fr')).toEqual(hugo('kept'));
    await expect.poll(() => look.keys(`{preau:test-${number}}:[ht]*`)).toEqual([]);
  });
});

describe('a Redis in trouble', () => {
  it('that was emptied begins again, and refuses what was under way', async () => {
    const { hosts } = await join();
    await keep(hosts, 'a.fr', hugo('kept'));
    const stamp = await stampOf(hosts, 'b.fr');
    await look.flushall();
    hosts.keep('b.fr', hugo('late'), stamp);
    expect(await hosts.find('b.fr')).toMatchObject({ row: undefined });
    expect(await found(hosts, 'a.fr')).toBeUndefined();
    await keep(hosts, 'b.fr', hugo('again'));
    expect(await found(hosts, 'b.fr')).toEqual(hugo('again'));
  });

  it('that is killed is done without, and joined again when it is back', { timeout: 30_000 }, async () => {
    const own = await startRedis();
    const [mine, theirs] = [server, own];
    server = theirs;
    const { hosts, heard, hears, errors } = await join();
    await keep(hosts, 'a.fr', hugo('kept'));
    await own.kill();
    await expect.poll(() => hosts.usable()).toBe(false);
    expect(await hosts.find('a.fr')).toBeNull();
    hosts.forget.tenant('hugo');
    heard.length = 0;
    const back = await startRedis({ port: own.port });
    await hosts.whenUsable();
    await hears('all');
    await keep(hosts, 'a.fr', hugo('again'));
    const other = await join();
    other.hosts.forget.host('a.fr');
    await hears('host a.fr');
    expect(errors).toHaveLength(1);
    server = mine;
    await back.stop();
  });

  it(
    'that hangs delays one question, then none; and nothing old is read when it goes on',
    {
      timeout: 30_000,
    },
    async () => {
      const own = await startRedis();
      const mine = server;
      server = own;
      const { hosts } = await join();
      await keep(hosts, 'a.fr', hugo('old'));
      const observer = new Redis(own.url);
      await observer.ping();
      process.kill(own.pid, 'SIGSTOP');
      const asked = performance.now();
      expect(await hosts.find('a.fr')).toBeNull();
      expect(performance.now() - asked).toBeLessThan(1_000);
      const again = performance.now();
      for (let n = 0; n < 100; n += 1) expect(await hosts.find('a.fr')).toBeNull();
      expect(performance.now() - again).toBeLessThan(50);
      // A change that cannot be told of now: the entry is still there when the server goes on.
      hosts.forget.tenant('hugo');
      process.kill(own.pid, 'SIGCONT');
      expect(await observer.exists(`{preau:test-${number}}:host:a.fr`)).toBe(1);
      await hosts.whenUsable();
      expect(await found(hosts, 'a.fr')).toBeUndefined();
      observer.disconnect();
      server = mine;
      await own.stop();
    },
  );

  it('that nobody listened to is not believed by who comes first', async () => {
    const before = await join();
    await keep(before.hosts, 'a.fr', hugo('kept'));
    before.hosts.close();
    await expect
      .poll(() => look.pubsub('NUMSUB', `{preau:test-${number}}:changes`))
      .toEqual([expect.anything(), 0]);
    const first = await join();
    expect(await found(first.hosts, 'a.fr')).toBeUndefined();
    await keep(first.hosts, 'a.fr', hugo('kept'));
    const second = await join();
    expect(await found(second.hosts, 'a.fr')).toEqual(hugo('kept'));
  });
});
