/** What becomes of one item: done with, or to be tried again after so many milliseconds. */
export type Done = { again: number } | null;

/**
 * Works on items, so many at a time. One that is to be tried again leaves its place to others while it waits.
 * @param stop asked before each item; once it says so, nothing new is begun, nor what waits, and what is under way is waited for.
 * @returns items that were not begun, or not finished.
 */
export async function workThrough<T>(
  items: readonly T[],
  work: (item: T) => Promise<Done>,
  { parallel, stop, signal }: { parallel: number; stop: () => boolean; signal?: AbortSignal | undefined },
): Promise<T[]> {
  const ready = [...items].toReversed();
  const waiting = new Map<T, NodeJS.Timeout>();
  let underWay = 0;
  let bell = Promise.withResolvers<void>();
  const ring = () => {
    bell.resolve();
    bell = Promise.withResolvers<void>();
  };
  const worker = async (): Promise<void> => {
    while (!stop()) {
      const item = ready.pop();
      if (item === undefined) {
        if (underWay === 0 && waiting.size === 0) return;
        await bell.promise;
        continue;
      }
      underWay += 1;
      try {
        const done = await work(item);
        if (done) {
          const wake = () => {
            waiting.delete(item);
            ready.push(item);
            ring();
          };
          waiting.set(item, setTimeout(wake, done.again));
        }
      } finally {
        underWay -= 1;
        ring();
      }
    }
  };
  signal?.addEventListener('abort', ring);
  try {
    await Promise.all(Array.from({ length: parallel }, worker));
  } finally {
    signal?.removeEventListener('abort', ring);
    for (const timer of waiting.values()) clearTimeout(timer);
  }
  return [...waiting.keys(), ...ready.toReversed()];
}
