import { createMemoryCache, type CachePort } from './cache.ts';
import type { SharedHosts } from './shared-hosts.ts';

/** What answers for a host: this process's memory, the cache of all processes, or the database. */
export type Layer = 'memory' | 'shared' | 'database';

export interface HostResolver<T extends { id: string }> {
  /** The tenant at a normalised host, or null. At most one load per host runs at a time. */
  byHost(host: string): Promise<T | null>;
  /** What the memory holds now: undefined when it must be loaded. The hot path's way to stay synchronous. */
  peek(host: string): T | null | undefined;
  /** Which layer would answer for a host now. Changes nothing. */
  layerOf(host: string): Promise<Layer>;
  /** Forgets every address of a tenant, in the shared cache too. Call after the commit that changed it. */
  forgetTenant(tenantId: string): void;
  /** Forgets one host, known or unknown: a domain was added or removed. */
  forgetHost(host: string): void;
  /** Forgets all: the channel of invalidations was cut, so anything may have changed. */
  forgetAll(): void;
  /** True: changes may be missed from now on, so that nothing is kept for longer than `ttlInDoubt`. False: no more. */
  distrust(doubt: boolean): void;
}

export interface HostResolverOptions<T extends { id: string }, R extends { id: string }> {
  /** Reads what the database says of a host; null when there is no such host. */
  load(host: string): Promise<R | null>;
  /** What is kept in memory and handed out, made of what the database said. */
  revive(row: R): T;
  /** Between the memory and the database; none unless told. */
  shared?: SharedHosts<R> | null;
  /** Told of each answer that was not in memory: by whom it was given, and whether there is such a host. */
  onLoad?(layer: Layer, known: boolean): void;
  /** Hosts kept in memory; 20,000 unless told. */
  max?: number;
  /** Unknown hosts kept, apart from the known so that probes cannot push them out; 5,000 unless told. */
  maxUnknown?: number;
  /** Milliseconds after which a host is read again though nothing was announced; 600,000 unless told. */
  ttl?: number;
  /** The same while changes may be missed; 60,000 unless told. */
  ttlInDoubt?: number;
}

interface Known<T> {
  tenant: T;
}

/**
 * Resolves hosts to tenants: from memory, else from the cache the processes share, else from the database.
 *
 * **What is promised.** Once `forget…` has returned, no call of this process answers with what was so before it. Every other
 * process forgets when it hears of the change: by the change feed of the database, which tells of each commit and of nothing
 * else, and by the shared cache. Both take milliseconds; either is enough.
 *
 * **Slow readers.** One that was slow between its reading and its writing cannot bring the old answer back, into neither
 * cache. Each load remembers the generation it began in, and writes only if no `forget…` came since; the shared cache does the
 * same for all processes by a stamp that is read before the database, and compared and written in one step. The price is one
 * more load for hosts read at that moment.
 *
 * **Unknown hosts** are remembered in memory only, apart, `maxUnknown` at most and for ten seconds at most. The shared cache
 * never sees them written.
 *
 * **How it degrades.**
 * - No shared cache, or one that is down, slow or perhaps behind: `find` answers null at once and the database is asked. What
 *   could not be forgotten there is forgotten there, with all the rest, before this process reads from it again.
 * - Shared cache emptied, or its stamp evicted: writes under way are refused, and reads begin again with a new stamp.
 * - A process that dies between its commit and its `forget…`: the change feed tells the others, each of which forgets in the
 *   shared cache too.
 * - Change feed cut: the shared cache tells; when the feed is back all is forgotten. Channel of the shared cache cut: likewise
 *   the other way round.
 * - Both cut at once, or the feed where there is no shared cache: an answer is stale for `ttlInDoubt` at most, by which time
 *   the memory is emptied again and again until the feed is back.
 * - A change made by hand in the database, which nobody announces: stale for `ttl` in memory, and for the shared cache's own
 *   time before that.
 */
export function createHostResolver<T extends { id: string }, R extends { id: string }>(
  options: HostResolverOptions<T, R>,
): HostResolver<T> {
  const { load, revive, shared, onLoad, max = 20_000, maxUnknown = 5_000 } = options;
  const { ttl = 600_000, ttlInDoubt = 60_000 } = options;
  const known: CachePort<Known<T>> = createMemoryCache({ max, ttl });
  const unknown: CachePort<{ unknown: true }> = createMemoryCache({
    max: maxUnknown,
    ttl: Math.min(ttl, 10_000),
  });
  const loading = new Map<string, Promise<T | null>>();
  let generation = 0;

  const forget = (change: () => void) => {
    generation += 1;
    // A load that is under way read the old state: whoever asks from now on must not join it.
    loading.clear();
    change();
  };

  async function read(host: string): Promise<{ row: R | null; layer: Layer }> {
    const found = shared ? await shared.find(host) : null;
    if (found?.row) return { row: found.row, layer: 'shared' };
    const row = await load(host);
    if (row && found) shared?.keep(host, row, found.stamp);
    return { row, layer: 'database' };
  }

  async function loadAndKeep(host: string): Promise<T | null> {
    const began = generation;
    const { row, layer } = await read(host);
    const tenant = row && revive(row);
    if (began === generation) {
      if (tenant) known.set(host, { tenant });
      else unknown.set(host, { unknown: true });
    }
    onLoad?.(layer, tenant !== null);
    return tenant;
  }

  const peek = (host: string): T | null | undefined =>
    known.get(host)?.tenant ?? (unknown.get(host) ? null : undefined);

  const inMemory = {
    tenant: (tenantId: string) =>
      forget(() => {
        for (const host of known.keysWhere(({ tenant }) => tenant.id === tenantId)) known.delete(host);
      }),
    host: (host: string) =>
      forget(() => {
        known.delete(host);
        unknown.delete(host);
      }),
    all: () =>
      forget(() => {
        known.clear();
        unknown.clear();
      }),
  };
  shared?.listen(inMemory);
  let doubting: NodeJS.Timeout | undefined;

  return {
    peek,
    async layerOf(host) {
      if (peek(host) !== undefined) return 'memory';
      return (await shared?.find(host))?.row ? 'shared' : 'database';
    },
    byHost(host) {
      const cached = peek(host);
      if (cached !== undefined) return Promise.resolve(cached);
      const running = loading.get(host);
      if (running) return running;
      const started = loadAndKeep(host).finally(() => {
        if (loading.get(host) === started) loading.delete(host);
      });
      loading.set(host, started);
      return started;
    },
    forgetTenant(tenantId) {
      inMemory.tenant(tenantId);
      shared?.forget.tenant(tenantId);
    },
    forgetHost(host) {
      inMemory.host(host);
      shared?.forget.host(host);
    },
    forgetAll() {
      inMemory.all();
      shared?.forget.all();
    },
    distrust(doubt) {
      clearInterval(doubting);
      doubting = doubt ? setInterval(inMemory.all, ttlInDoubt).unref() : undefined;
    },
  };
}
