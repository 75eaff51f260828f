import { startRedis, type ThrowawayRedis } from '@preau/testkit/redis';
import { freePort } from '@preau/testkit/free-port';
import { Redis } from 'ioredis';
import { ask } from '../../bench/ask.ts';
import { enterSchools, nthSubdomain } from '../../bench/many-schools.ts';
import { exactly, figure, within } from '../../bench/report.ts';
import type { Scenario } from '../../bench/scenario.ts';
import { OPERATOR } from '../../src/features/audit/index.ts';
import { install } from '../installation.ts';
import { startTraffic } from '../redis/traffic.ts';

const SIZE = { long: { rounds: 8, changes: 10 }, short: { rounds: 2, changes: 3 } };
const SCHOOLS = 30;
const CALLERS = 6;
const LATE = 10_000;
const PATH = '/api/v1/current-tenant/theme/';
const CHANNEL = '{preau:localhost}:changes';

async function until(condition: () => Promise<boolean>): Promise<number> {
  const began = performance.now();
  while (!(await condition().catch(() => false)) && performance.now() - began < LATE)
    await new Promise((resolve) => setTimeout(resolve, 10));
  return performance.now() - began;
}

/** Redis killed, frozen and emptied under load, while schools change: two servers go on, see every change, and come back to it by themselves. */
export const redis: Scenario = async ({ short, endings, progress }) => {
  const { rounds, changes } = short ? SIZE.short : SIZE.long;
  const port = await freePort();
  let server: ThrowawayRedis = await startRedis({ port });
  endings.add(() => server.stop());
  const installation = await install(endings, { REDIS_URL: server.url, PREAU_JOBS: '0' });
  const { adminUrl, services } = installation;
  await enterSchools(adminUrl, 'localhost', 0, SCHOOLS);
  const { key } = await services.apiKeys.create(OPERATOR, { name: 'changes', scopes: ['tenants:update'] });
  const schools = Array.from({ length: SCHOOLS }, (_, n) => ({
    host: `${nthSubdomain(n)}.localhost`,
    name: `École ${n}`,
  }));
  const [here, there] = [await installation.start(), await installation.start()];
  const traffic = startTraffic({ urls: [here.url, there.url], schools, callers: CALLERS });

  const delays: number[] = [];
  let number = 0;
  /** Changes schools through the one server, and waits until the other shows it. */
  async function change(): Promise<void> {
    for (let count = 0; count < changes; count += 1) {
      number += 1;
      const { host } = schools[number % SCHOOLS] ?? { host: '' };
      const tenant = await services.directory.byHost(host);
      const colour = `#${(0x200000 + number).toString(16).toUpperCase()}`;
      const changed = await ask(`${here.url}/api/v1/tenants/${tenant?.id}/`, {
        method: 'PATCH',
        headers: { host: 'console.localhost', 'api-key': key },
        body: { primary_color: colour },
      });
      if (changed.status !== 200) throw new Error(`Not changed: ${changed.status} ${changed.body}`);
      delays.push(
        await until(async () => {
          const { body } = await ask(there.url + PATH, { headers: { host } });
          return JSON.parse(body).primary_color === colour;
        }),
      );
    }
  }
  /** Both listen again, and what is asked for is kept there again. */
  async function recovered(): Promise<number> {
    const look = new Redis(server.url, { lazyConnect: true });
    look.on('error', () => {});
    await look.connect();
    const taken = await until(async () => {
      const [, listening] = (await look.pubsub('NUMSUB', CHANNEL)) as [string, number];
      if (listening < 2) return false;
      // Memory answers for a minute; a change makes somebody ask.
      await change();
      return (await look.keys('{preau:localhost}:host:*')).length > 0;
    });
    look.disconnect();
    return taken;
  }

  const recoveries: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    progress(`round ${round} of ${rounds}: killed`);
    await server.kill();
    await change();
    server = await startRedis({ port });
    recoveries.push(await recovered());
    progress(`round ${round} of ${rounds}: frozen, emptied`);
    process.kill(server.pid, 'SIGSTOP');
    try {
      await change();
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
    recoveries.push(await recovered());
    const look = new Redis(server.url);
    await look.flushall();
    look.disconnect();
    await change();
  }
  await traffic.stop();
  for (const line of [...traffic.failures, ...traffic.wrong].slice(0, 10)) progress(line);
  return {
    versions: {},
    results: [
      figure('Redis killed, frozen, emptied', rounds * 3, 'times'),
      figure('requests meanwhile', traffic.asked, 'requests'),
      exactly('answers of 5xx, or none', traffic.failures.length, 0, 'requests'),
      exactly('wrong school', traffic.wrong.length, 0, 'requests'),
      figure('changes meanwhile', delays.length, 'changes'),
      within('slowest change to be seen by the other server', Math.max(...delays), 1_000),
      within('longest recovery', Math.max(...recoveries), LATE),
    ],
  };
};
