import { createRedisHosts } from '../../src/platform/redis-hosts.ts';
import {
  createTenantDirectory,
  HOST_ROW_SHAPE,
  type SnapshotRow,
} from '../../src/features/current-tenant/index.ts';
import type { Installation } from '../installation.ts';
import { figure, type Result } from '../report.ts';
import { median } from '../statistics.ts';

const PEEKS = 200_000;

async function oneByOne(
  hosts: readonly string[],
  resolve: (host: string) => Promise<unknown>,
): Promise<number> {
  const times: number[] = [];
  for (const host of hosts) {
    const began = performance.now();
    if (!(await resolve(host))) throw new Error(`${host} is not found`);
    times.push((performance.now() - began) * 1_000);
  }
  return median(times);
}

/** What a host costs by the layer that answers: each one asked for alone, in a directory that has not seen it. */
export async function measureLayers(
  { services: { tenancy, base } }: Installation,
  redisUrl: string,
  hosts: readonly string[],
): Promise<Result[]> {
  const shared = createRedisHosts<SnapshotRow>({
    url: redisUrl,
    installation: `bench-${base.domain}`,
    shape: HOST_ROW_SHAPE,
    // A busy machine is not what is measured.
    patience: 5_000,
  });
  try {
    await shared.whenUsable();
    const cold = createTenantDirectory(tenancy);
    const coldTime = await oneByOne(hosts, (host) => cold.byHost(host));
    const filling = createTenantDirectory(tenancy, { shared });
    await oneByOne(hosts, (host) => filling.byHost(host));
    const layers = new Set<string>();
    const warm = createTenantDirectory(tenancy, { shared, onLoad: (layer) => void layers.add(layer) });
    const warmTime = await oneByOne(hosts, (host) => warm.byHost(host));
    if ([...layers].join() !== 'shared') throw new Error(`Redis did not answer: ${[...layers].join()}`);
    const began = performance.now();
    for (let n = 0; n < PEEKS; n += 1) warm.peek(hosts[n % hosts.length] ?? '');
    const memoryTime = ((performance.now() - began) * 1_000) / PEEKS;
    return [
      figure('resolution warm in memory', memoryTime, 'µs'),
      figure('resolution warm in Redis', warmTime, 'µs'),
      figure('resolution cold, from PostgreSQL', coldTime, 'µs'),
    ];
  } finally {
    shared.close();
  }
}
