interface Waiting<R> {
  host: string;
  resolve(row: R | null): void;
  reject(error: unknown): void;
}

/**
 * Turns single questions into few: while `parallel` are under way, others wait and then go together, `max` at most. A flood
 * of hosts that nobody has asked for costs that many connections, however wide it is. A question goes out after it was asked,
 * never with one that is under way already.
 */
export function batchLoads<R>(
  loadMany: (hosts: readonly string[]) => Promise<ReadonlyMap<string, R>>,
  { max = 500, parallel = 2 }: { max?: number; parallel?: number } = {},
): (host: string) => Promise<R | null> {
  const queue: Waiting<R>[] = [];
  let running = 0;

  async function ask(batch: readonly Waiting<R>[]): Promise<void> {
    try {
      const rows = await loadMany([...new Set(batch.map(({ host }) => host))]);
      for (const { host, resolve } of batch) resolve(rows.get(host) ?? null);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  function pump(): void {
    while (running < parallel && queue.length > 0) {
      running += 1;
      void ask(queue.splice(0, max)).finally(() => {
        running -= 1;
        pump();
      });
    }
  }

  return (host) =>
    new Promise((resolve, reject) => {
      queue.push({ host, resolve, reject });
      pump();
    });
}
