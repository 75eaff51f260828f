import { fileURLToPath } from 'node:url';
import { ask } from '../ask.ts';
import { freePort } from '@preau/testkit/free-port';

export interface Memory {
  rss: number;
  /** Bytes that are in use on the heap and beside it. */
  used: number;
}

export interface MemoryProbe {
  nodeOptions: string[];
  environment: Record<string, string>;
  read(): Promise<Memory>;
}

/** What a server is started with, so that its memory can be asked for. */
export async function createMemoryProbe(): Promise<MemoryProbe> {
  const port = await freePort();
  return {
    nodeOptions: ['--expose-gc', '--import', fileURLToPath(new URL('./memory-probe.ts', import.meta.url))],
    environment: { BENCH_PROBE_PORT: String(port) },
    async read() {
      const usage = JSON.parse((await ask(`http://127.0.0.1:${port}/`)).body) as NodeJS.MemoryUsage;
      return { rss: usage.rss, used: usage.heapUsed + usage.external };
    },
  };
}
