import { Agent } from 'node:http';
import { OPERATOR } from '../../src/features/audit/index.ts';
import { ask } from '../ask.ts';
import { createEndings } from '../endings.ts';
import type { Installation } from '../installation.ts';
import { findLoadGenerator } from '../load.ts';
import { exactly, figure, type Result, within } from '../report.ts';
import { median, percentile } from '../statistics.ts';

const PATH = '/api/v1/current-tenant/theme/';
const LATE = 10_000;

/**
 * Changes through one process, and how long after its answer another shows them, both under load. Each process is new: with
 * Redis the two share one, without they hear by the database alone.
 */
export async function measurePropagation(
  installation: Installation,
  { hosts, changes, redisUrl }: { hosts: readonly string[]; changes: number; redisUrl: string | null },
): Promise<Result[]> {
  const label = redisUrl ? 'with Redis' : 'without Redis';
  const endings = createEndings();
  const agent = new Agent({ keepAlive: true });
  const over = new AbortController();
  let loading: Promise<void>[] = [];
  try {
    const environment: Record<string, string> = redisUrl ? { REDIS_URL: redisUrl } : {};
    const here = await installation.startAnother(environment, endings);
    const there = await installation.startAnother(environment, endings);
    const { services } = installation;
    const { key } = await services.apiKeys.create(OPERATOR, { name: 'bench', scopes: ['tenants:update'] });
    const schools = await Promise.all(
      hosts.map(async (host) => ({ host, id: (await services.directory.byHost(host))?.id ?? '' })),
    );
    const load = findLoadGenerator();
    loading = [here, there].map(async ({ url }) => {
      while (!over.signal.aborted)
        await load.fire({ url: url + PATH, headers: {}, hosts, connections: 4, seconds: 1 });
    });

    const delays: number[] = [];
    let never = 0;
    for (let change = 0; change < changes; change += 1) {
      const { host, id } = schools[change % schools.length] ?? { host: '', id: '' };
      const colour = `#${(0x100000 + change).toString(16).toUpperCase()}`;
      const changed = await ask(`${here.url}/api/v1/tenants/${id}/`, {
        method: 'PATCH',
        headers: { host: `console.${services.base.domain}`, 'api-key': key },
        body: { primary_color: colour },
        agent,
      });
      if (changed.status !== 200) throw new Error(`Not changed: ${changed.status} ${changed.body}`);
      const began = performance.now();
      for (;;) {
        const seen = await ask(there.url + PATH, { headers: { host }, agent });
        if (JSON.parse(seen.body).primary_color === colour) break;
        if (performance.now() - began > LATE) {
          never += 1;
          break;
        }
      }
      delays.push(performance.now() - began);
    }
    return [
      figure(`change seen by the other process, ${label}, median`, median(delays), 'ms'),
      within(`change seen by the other process, ${label}, 99th percentile`, percentile(delays, 0.99), 1_000),
      exactly(`changes never seen, ${label}`, never, 0, 'changes'),
    ];
  } finally {
    // First, since its servers end next: what went wrong is to be told by whoever met it.
    over.abort();
    await Promise.allSettled(loading);
    agent.destroy();
    await endings.run();
  }
}
