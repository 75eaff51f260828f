import { normaliseHost } from '@preau/tenancy';
import { LRUCache } from 'lru-cache';
import type { Face } from '@preau/contracts/vocabulary';
import type { TenantDirectory, TenantSnapshot } from '../features/current-tenant/index.ts';

/** What a host is: the console, the public site, a school, an address that redirects to a school's, or nothing known. */
export interface Place {
  kind: 'console' | 'base' | 'tenant' | 'moved' | 'unknown';
  host: string;
  tenant: TenantSnapshot | null;
}

const FACES: Record<Place['kind'], Face> = {
  console: 'console',
  base: 'public',
  tenant: 'portal',
  moved: 'public',
  unknown: 'public',
};
export const faceOf = (place: Place): Face => FACES[place.kind];

export interface PlaceFinder {
  /** Undefined: ask {@link load}. Null: the header is no host name. Synchronous, since every request passes here. */
  peek(header: string | undefined): Place | null | undefined;
  load(header: string | undefined): Promise<Place | null>;
}

/** Finds the place of a `Host` header. A school's place is remembered beside its snapshot, so that a hit allocates nothing. */
export function createPlaceFinder(directory: TenantDirectory, baseDomain: string): PlaceFinder {
  const fixed = new Map<string, Place>([
    [baseDomain, { kind: 'base', host: baseDomain, tenant: null }],
    [`www.${baseDomain}`, { kind: 'base', host: `www.${baseDomain}`, tenant: null }],
    [`console.${baseDomain}`, { kind: 'console', host: `console.${baseDomain}`, tenant: null }],
  ]);
  const places = new WeakMap<TenantSnapshot, Place>();

  const placeOf = (host: string, tenant: TenantSnapshot | null): Place => {
    if (!tenant) return { kind: 'unknown', host, tenant };
    let place = places.get(tenant);
    if (!place || place.host !== host) {
      place = { kind: tenant.moved ? 'moved' : 'tenant', host, tenant };
      places.set(tenant, place);
    }
    return place;
  };

  // Headers are sent over and over: the same text need not be taken apart each time. As many as the resolver keeps hosts.
  const hosts = new LRUCache<string, { host: string | null }>({ max: 25_000 });
  const hostOf = (header: string | undefined): string | null => {
    if (header === undefined) return null;
    const known = hosts.get(header);
    if (known) return known.host;
    const host = normaliseHost(header);
    hosts.set(header, { host });
    return host;
  };

  return {
    peek(header) {
      const host = hostOf(header);
      if (host === null) return null;
      const known = fixed.get(host);
      if (known) return known;
      const tenant = directory.peek(host);
      return tenant === undefined ? undefined : placeOf(host, tenant);
    },
    async load(header) {
      const host = hostOf(header);
      return host === null ? null : (fixed.get(host) ?? placeOf(host, await directory.byHost(host)));
    },
  };
}
