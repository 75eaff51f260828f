import { LRUCache } from 'lru-cache';

/** Where one process keeps resolved hosts. What processes share is behind another port: see shared-hosts.ts. */
export interface CachePort<V extends object> {
  get(key: string): V | undefined;
  set(key: string, value: V, ttl?: number): void;
  delete(key: string): void;
  clear(): void;
  /** Keys whose value matches; used to forget every address of one tenant. */
  keysWhere(predicate: (value: V) => boolean): string[];
}

/** A bounded in-memory cache: the least recently used entry leaves first. `ttl` in milliseconds. */
export function createMemoryCache<V extends object>({
  max,
  ttl,
}: {
  max: number;
  ttl: number;
}): CachePort<V> {
  const entries = new LRUCache<string, V>({ max, ttl });
  return {
    get: (key) => entries.get(key),
    set: (key, value, ownTtl) => void entries.set(key, value, ownTtl === undefined ? {} : { ttl: ownTtl }),
    delete: (key) => void entries.delete(key),
    clear: () => entries.clear(),
    keysWhere: (predicate) =>
      [...entries.entries()].filter(([, value]) => predicate(value)).map(([key]) => key),
  };
}
