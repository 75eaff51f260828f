import { createMemoryCache, type CachePort } from './cache.ts';

export interface HostResolver<T extends { id: string }> {
  /** The tenant at a normalised host, or null. At most one load per host runs at a time. */
  byHost(host: string): Promise<T | null>;
  /** What the cache holds now: undefined when it must be loaded. The hot path's way to stay synchronous. */
  peek(host: string): T | null | undefined;
  /** Forgets every address of a tenant. Call after the commit that changed it. */
  forgetTenant(tenantId: string): void;
  /** Forgets one host, known or unknown: a domain was added or removed. */
  forgetHost(host: string): void;
  /** Forgets all: the channel of invalidations was cut, so anything may have changed. */
  forgetAll(): void;
}

export interface HostResolverOptions<T extends { id: string }> {
  /** Reads the tenant of a host from the database; null when there is none. */
  load(host: string): Promise<T | null>;
  /** Hosts kept; 20,000 unless told. */
  max?: number;
  /** Unknown hosts kept, apart from the known so that probes cannot push them out; 5,000 unless told. */
  maxUnknown?: number;
  /** Milliseconds after which a host is read again though nothing was announced; 60,000 unless told. */
  ttl?: number;
}

interface Known<T> {
  tenant: T;
}

/**
 * Resolves hosts to tenants with a cache in front.
 *
 * A change is seen by the next call after `forget…` returns. A reader that was slow between its database read and its
 * cache write cannot bring the old answer back: each load remembers the generation it began in, and writes only if no
 * `forget…` came since. The price is one more load for hosts read at that moment. Without an announcement (a change made
 * outside the application) an answer is stale for `ttl` at most.
 */
export function createHostResolver<T extends { id: string }>(
  options: HostResolverOptions<T>,
): HostResolver<T> {
  const { load, max = 20_000, maxUnknown = 5_000, ttl = 60_000 } = options;
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

  async function loadAndKeep(host: string): Promise<T | null> {
    const began = generation;
    const tenant = await load(host);
    if (began === generation) {
      if (tenant) known.set(host, { tenant });
      else unknown.set(host, { unknown: true });
    }
    return tenant;
  }

  const peek = (host: string): T | null | undefined =>
    known.get(host)?.tenant ?? (unknown.get(host) ? null : undefined);

  return {
    peek,
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
    forgetTenant: (tenantId) =>
      forget(() => {
        for (const host of known.keysWhere(({ tenant }) => tenant.id === tenantId)) known.delete(host);
      }),
    forgetHost: (host) =>
      forget(() => {
        known.delete(host);
        unknown.delete(host);
      }),
    forgetAll: () =>
      forget(() => {
        known.clear();
        unknown.clear();
      }),
  };
}
