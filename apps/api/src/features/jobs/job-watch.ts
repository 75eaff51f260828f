/** Tells who watches a job in this process that it changed, in whichever process that was. */
export interface JobWatch {
  /** Calls back at every change of one job, and when changes may have been missed. Answers how to stop. */
  on(id: string, changed: () => void): () => void;
  changed(id: string): void;
  changedAll(): void;
  /** Ends every watch: the process is about to. */
  readonly closing: AbortSignal;
  close(): void;
}

export function createJobWatch(): JobWatch {
  const watchers = new Map<string, Set<() => void>>();
  const controller = new AbortController();
  return {
    on(id, changed) {
      const known = watchers.get(id) ?? new Set();
      watchers.set(id, known.add(changed));
      return () => {
        known.delete(changed);
        if (known.size === 0 && watchers.get(id) === known) watchers.delete(id);
      };
    },
    changed: (id) => watchers.get(id)?.forEach((changed) => changed()),
    changedAll: () => watchers.forEach((known) => known.forEach((changed) => changed())),
    closing: controller.signal,
    close: () => controller.abort(),
  };
}

/**
 * One job at once and then whenever it changed, until it has ended or the watch is closed. Changes that come while one is
 * being read are read together. Yields null when nothing happened for `quietMs`.
 */
export async function* followJob<J extends { version: number }>(
  watch: JobWatch,
  id: string,
  {
    read,
    ended,
    signal,
    quietMs,
  }: { read(): Promise<J>; ended(job: J): boolean; signal: AbortSignal; quietMs: number },
): AsyncGenerator<J | null> {
  const stop = AbortSignal.any([signal, watch.closing]);
  let changed = true;
  let wake = () => {};
  const leave = watch.on(id, () => {
    changed = true;
    wake();
  });
  const stopped = () => wake();
  stop.addEventListener('abort', stopped);
  try {
    for (let version = 0; !stop.aborted;) {
      if (changed) {
        changed = false;
        const job = await read();
        if (job.version !== version) yield job;
        version = job.version;
        if (ended(job)) return;
        continue;
      }
      const quiet = Promise.withResolvers<boolean>();
      wake = () => quiet.resolve(false);
      const timer = setTimeout(quiet.resolve, quietMs, true);
      timer.unref();
      const nothing = await quiet.promise;
      clearTimeout(timer);
      if (nothing) yield null;
    }
  } finally {
    leave();
    stop.removeEventListener('abort', stopped);
  }
}
