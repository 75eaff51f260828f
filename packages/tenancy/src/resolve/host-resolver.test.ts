import { describe, expect, it, vi } from 'vitest';
import { createHostResolver } from './host-resolver.ts';

interface School {
  id: string;
  name: string;
}

function controlled() {
  const waiting: ((school: School | null) => void)[] = [];
  const load = vi.fn((_host: string) => new Promise<School | null>((resolve) => waiting.push(resolve)));
  return { load, answer: (school: School | null) => waiting.shift()?.(school) };
}
const hugo = (name: string): School => ({ id: 'hugo', name });

describe('createHostResolver', () => {
  it('loads a host once for all who ask at the same time, and then not at all', async () => {
    const { load, answer } = controlled();
    const resolver = createHostResolver({ load });
    const both = Promise.all([resolver.byHost('a.fr'), resolver.byHost('a.fr')]);
    answer(hugo('old'));
    expect(await both).toEqual([hugo('old'), hugo('old')]);
    expect(resolver.peek('a.fr')).toEqual(hugo('old'));
    await resolver.byHost('a.fr');
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('does not let a slow reader bring back what was forgotten meanwhile', async () => {
    const { load, answer } = controlled();
    const resolver = createHostResolver({ load });
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
    const resolver = createHostResolver({ load });
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
    const resolver = createHostResolver<School>({
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
    const resolver = createHostResolver({ load, max: 2, maxUnknown: 3 });
    await resolver.byHost('a.fr');
    for (let n = 0; n < 100; n += 1) await resolver.byHost(`probe-${n}.fr`);
    expect(resolver.peek('a.fr')).toEqual(hugo('a'));
    expect(resolver.peek('probe-99.fr')).toBeNull();
    expect(resolver.peek('probe-0.fr')).toBeUndefined();
    resolver.forgetAll();
    expect(resolver.peek('a.fr')).toBeUndefined();
  });

  it('keeps nothing of a load that failed', async () => {
    const load = vi.fn().mockRejectedValueOnce(new Error('down')).mockResolvedValue(hugo('up'));
    const resolver = createHostResolver<School>({ load });
    await expect(resolver.byHost('a.fr')).rejects.toThrow('down');
    await expect(resolver.byHost('a.fr')).resolves.toEqual(hugo('up'));
  });
});
