import { describe, expect, it, vi } from 'vitest';
import { createHostResolver } from './host-resolver.ts';
import type { Forgetting, Found, SharedHosts } from './shared-hosts.ts';

interface School {
  id: string;
  name: string;
}

function controlled() {
  const waiting: ((school: School | null) => void)[] = [];
  const load = vi.fn((_host: string) => new Promise<School | null>((resolve) => waiting.push(resolve)));
  return { load, answer: (school: School | null) => waiting.shift()?.(school) };
}
const asItIs = (school: School): School => school;
const hugo = (name: string): School => ({ id: 'hugo', name });

describe('createHostResolver', () => {
  it('loads a host once for all who ask at the same time, and then not at all', async () => {
    const { load, answer } = controlled();
    const resolver = createHostResolver({ load, revive: asItIs });
    const both = Promise.all([resolver.byHost('a.fr'), resolver.byHost('a.fr')]);
    answer(hugo('old'));
    expect(await both).toEqual([hugo('old'), hugo('old')]);
    expect(resolver.peek('a.fr')).toEqual(hugo('old'));
    await resolver.byHost('a.fr');
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('does not let a slow reader bring back what was forgotten meanwhile', async () => {
    const { load, answer } = controlled();
    const resolver = createHostResolver({ load, revive: asItIs });
    const slow = resolver.byHost('a.fr');
    resolver.forgetTenant('hugo');
    answer(hugo('old'));
    expect(await slow).toEqual(hugo('old'));
    expect(resolver.peek('a.fr')).toBeUndefined();
    const fresh = resolver.byHost('a.fr');
    answer(hugo('new'));
    expect(await fresh).toEqual(hugo('new'));
    expect(resolver.peek('a.fr')).toEqual(hugo('new'));
  });

  it('starts a new load for who asks after a change, though an old one is under way', async () => {
    const { load, answer } = controlled();
    const resolver = createHostResolver({ load, revive: asItIs });
    const before = resolver.byHost('a.fr');
    resolver.forgetHost('a.fr');
    const after = resolver.byHost('a.fr');
    expect(load).toHaveBeenCalledTimes(2);
    answer(null);
    answer(hugo('added'));
    expect(await before).toBeNull();
    expect(await after).toEqual(hugo('added'));
    expect(resolver.peek('a.fr')).toEqual(hugo('added'));
  });

  it('forgets every address of a tenant and no other', async () => {
    const resolver = createHostResolver<School, School>({
      revive: asItIs,
      load: async (host) => ({ id: host.endsWith('.fr') ? 'hugo' : 'curie', name: host }),
    });
    await Promise.all(['a.fr', 'b.fr', 'c.org'].map((host) => resolver.byHost(host)));
    resolver.forgetTenant('hugo');
    expect(['a.fr', 'b.fr', 'c.org'].map((host) => resolver.peek(host) !== undefined)).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('remembers unknown hosts apart, bounded, so that probes push no school out', async () => {
    const load = vi.fn(async (host: string) => (host === 'a.fr' ? hugo('a') : null));
    const resolver = createHostResolver({ load, revive: asItIs, max: 2, maxUnknown: 3 });
    await resolver.byHost('a.fr');
    for (let n = 0; n < 100; n += 1) await resolver.byHost(`probe-${n}.fr`);
    expect(resolver.peek('a.fr')).toEqual(hugo('a'));
    expect(resolver.peek('probe-99.fr')).toBeNull();
    expect(resolver.peek('probe-0.fr')).toBeUndefined();
    resolver.forgetAll();
    expect(resolver.peek('a.fr')).toBeUndefined();
  });

  it('keeps nothing for long while changes may be missed', async () => {
    vi.useFakeTimers();
    const resolver = createHostResolver({
      load: async () => hugo('read'),
      revive: asItIs,
      ttlInDoubt: 1_000,
    });
    await resolver.byHost('a.fr');
    resolver.distrust(true);
    vi.advanceTimersByTime(999);
    expect(resolver.peek('a.fr')).toEqual(hugo('read'));
    vi.advanceTimersByTime(1);
    expect(resolver.peek('a.fr')).toBeUndefined();
    await resolver.byHost('a.fr');
    resolver.distrust(false);
    vi.advanceTimersByTime(5_000);
    expect(resolver.peek('a.fr')).toEqual(hugo('read'));
    vi.useRealTimers();
  });

  it('keeps nothing of a load that failed', async () => {
    const load = vi.fn().mockRejectedValueOnce(new Error('down')).mockResolvedValue(hugo('up'));
    const resolver = createHostResolver<School, School>({ load, revive: asItIs });
    await expect(resolver.byHost('a.fr')).rejects.toThrow('down');
    await expect(resolver.byHost('a.fr')).resolves.toEqual(hugo('up'));
  });
});

/** A shared cache as its port promises it, for the resolver alone; the real one has tests of its own. */
function sharedHosts() {
  const rows = new Map<string, School>();
  let stamp = 0;
  let listener: Forgetting | undefined;
  const shared = {
    rows,
    down: false,
    forgotten: [] as string[],
    find: vi.fn(async (host: string): Promise<Found<School> | null> =>
      shared.down ? null : { row: rows.get(host), stamp: String(stamp) },
    ),
    keep: vi.fn((host: string, row: School, under: string) => {
      if (under === String(stamp)) rows.set(host, row);
    }),
    forget: {
      tenant(id: string) {
        shared.forgotten.push(`tenant ${id}`);
        stamp += 1;
        for (const [host, row] of rows) if (row.id === id) rows.delete(host);
      },
      host(host: string) {
        shared.forgotten.push(`host ${host}`);
        stamp += 1;
        rows.delete(host);
      },
      all() {
        shared.forgotten.push('all');
        stamp += 1;
        rows.clear();
      },
    },
    listen(forgetting: Forgetting) {
      listener = forgetting;
    },
    hear: (forgotten: keyof Forgetting, what = '') => listener?.[forgotten](what),
  } satisfies SharedHosts<School> & Record<string, unknown>;
  return shared;
}

describe('with a cache that processes share', () => {
  it('asks it before the database, and gives it what the database said', async () => {
    const shared = sharedHosts();
    const load = vi.fn(async () => hugo('read'));
    const layers: string[] = [];
    const onLoad = (layer: string) => layers.push(layer);
    const one = createHostResolver({ load, revive: asItIs, shared, onLoad });
    const other = createHostResolver({ load, revive: asItIs, shared, onLoad });
    expect(await one.layerOf('a.fr')).toBe('database');
    await one.byHost('a.fr');
    expect(await other.layerOf('a.fr')).toBe('shared');
    expect(await other.byHost('a.fr')).toEqual(hugo('read'));
    expect(await other.layerOf('a.fr')).toBe('memory');
    expect(load).toHaveBeenCalledTimes(1);
    expect(layers).toEqual(['database', 'shared']);
  });

  it('never gives it a host that is unknown', async () => {
    const shared = sharedHosts();
    const resolver = createHostResolver<School, School>({ load: async () => null, revive: asItIs, shared });
    expect(await resolver.byHost('nobody.fr')).toBeNull();
    expect(shared.keep).not.toHaveBeenCalled();
    await resolver.byHost('nobody.fr');
    expect(shared.find).toHaveBeenCalledTimes(1);
  });

  it('lets a reader that was paused after the database bring nothing back, into neither cache', async () => {
    const shared = sharedHosts();
    const { load, answer } = controlled();
    const resolver = createHostResolver({ load, revive: asItIs, shared });
    const paused = resolver.byHost('a.fr');
    await expect.poll(() => load.mock.calls.length).toBe(1);
    resolver.forgetHost('a.fr');
    answer(hugo('removed'));
    expect(await paused).toEqual(hugo('removed'));
    expect(resolver.peek('a.fr')).toBeUndefined();
    expect(shared.keep).toHaveBeenCalledTimes(1);
    expect(shared.rows.size).toBe(0);
  });

  it('does not keep an answer of the shared cache that was on its way when a change was heard of', async () => {
    const shared = sharedHosts();
    shared.rows.set('a.fr', hugo('old'));
    const resolver = createHostResolver<School, School>({ load: async () => null, revive: asItIs, shared });
    const onItsWay = resolver.byHost('a.fr');
    shared.hear('tenant', 'hugo');
    expect(await onItsWay).toEqual(hugo('old'));
    expect(resolver.peek('a.fr')).toBeUndefined();
  });

  it('forgets in memory what it hears of, and tells nobody again', async () => {
    const shared = sharedHosts();
    const load = vi.fn(async () => hugo('read'));
    const resolver = createHostResolver({ load, revive: asItIs, shared });
    for (const kind of ['tenant', 'host', 'all'] as const) {
      await resolver.byHost('a.fr');
      shared.hear(kind, kind === 'tenant' ? 'hugo' : 'a.fr');
      expect(resolver.peek('a.fr')).toBeUndefined();
    }
    expect(shared.forgotten).toEqual([]);
    resolver.forgetTenant('hugo');
    resolver.forgetHost('a.fr');
    resolver.forgetAll();
    expect(shared.forgotten).toEqual(['tenant hugo', 'host a.fr', 'all']);
  });

  it('goes on without it', async () => {
    const shared = sharedHosts();
    shared.down = true;
    const resolver = createHostResolver({ load: async () => hugo('read'), revive: asItIs, shared });
    expect(await resolver.byHost('a.fr')).toEqual(hugo('read'));
    expect(shared.keep).not.toHaveBeenCalled();
    expect(resolver.peek('a.fr')).toEqual(hugo('read'));
  });
});
