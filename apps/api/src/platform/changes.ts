import type { Change } from '@preau/tenancy';

/** The caches that must hear of a change made by another process. */
export interface Listeners {
  directory: {
    forgetTenant(id: string): void;
    forgetHost(host: string): void;
    forgetAll(): void;
    distrust(doubt: boolean): void;
  };
  sessions: {
    forget(id: string): void;
    forgetTenant(id: string): void;
    forgetAll(): void;
    distrust(doubt: boolean): void;
  };
  apiKeys: {
    forget(prefix: string): void;
    forgetTenant(id: string): void;
    forgetAll(): void;
    distrust(doubt: boolean): void;
  };
  jobWatch: { changed(id: string): void; changedAll(): void };
  /** Last: whoever asks again because of a change must not be answered from a cache. */
  realtime: { changed(change: Change): void; gap(): void; doubt(doubtful: boolean): void };
}

/** What to do on a change, and on a gap in which changes may have been missed. */
export function listenToChanges({ directory, sessions, apiKeys, jobWatch, realtime }: Listeners): {
  onChange(change: Change): void;
  onGap(): void;
  onDoubt(doubt: boolean): void;
} {
  return {
    onChange(change) {
      const { kind, id } = change;
      if (kind === 'tenant') {
        directory.forgetTenant(id);
        sessions.forgetTenant(id);
        apiKeys.forgetTenant(id);
      } else if (kind === 'host') directory.forgetHost(id);
      else if (kind === 'session') sessions.forget(id);
      else if (kind === 'job') jobWatch.changed(id);
      else if (kind === 'key') apiKeys.forget(id);
      realtime.changed(change);
    },
    onGap() {
      directory.forgetAll();
      sessions.forgetAll();
      apiKeys.forgetAll();
      jobWatch.changedAll();
      realtime.gap();
    },
    onDoubt(doubt) {
      sessions.distrust(doubt);
      apiKeys.distrust(doubt);
      directory.distrust(doubt);
      realtime.doubt(doubt);
    },
  };
}
