import { startRedis } from '@preau/testkit/redis';
import { install } from '../installation.ts';
import { enterSchools, nthSubdomain } from '../many-schools.ts';
import { measureLayers } from '../resolution/measure-layers.ts';
import { measurePropagation } from '../resolution/measure-propagation.ts';
import { measureTheme } from '../resolution/measure-theme.ts';
import type { Scenario } from '../scenario.ts';
import { serverVersion } from '../versions.ts';

const LONG = { sizes: [1, 1_000, 10_000], looks: 1_000, rounds: 7, seconds: 2, changes: 500 };
const SHORT = { sizes: [1, 20, 100], looks: 50, rounds: 1, seconds: 1, changes: 20 };
/** Schools that are changed in turn. */
const CHANGED = 50;

/** Which school answers at a host: by which layer, for how many schools, and how soon after a change. */
export const resolution: Scenario = async ({ short, endings, progress }) => {
  const { sizes, looks, rounds, seconds, changes } = short ? SHORT : LONG;
  progress('Starting the product');
  const redis = await startRedis();
  endings.add(() => redis.stop());
  const installation = await install({ endings });
  const { postgres, services } = installation;
  const adminUrl = new URL(postgres.adminUrl);
  adminUrl.pathname = new URL(postgres.url).pathname;
  const most = Math.max(...sizes);
  progress(`${most} schools`);
  const hostOf = (n: number): string => `${nthSubdomain(n)}.${services.base.domain}`;
  await enterSchools(adminUrl.href, services.base.domain, 0, most);

  progress('Layers');
  const hosts = (count: number): string[] => Array.from({ length: count }, (_, n) => hostOf(n));
  const results = await measureLayers(installation, redis.url, hosts(looks));
  progress('Theme');
  results.push(...(await measureTheme(installation, hostOf, sizes, { rounds, seconds })));
  for (const redisUrl of [redis.url, null]) {
    progress(`${changes} changes ${redisUrl ? 'with' : 'without'} Redis`);
    results.push(...(await measurePropagation(installation, { hosts: hosts(CHANGED), changes, redisUrl })));
  }
  return { versions: { postgresql: await serverVersion(postgres.url) }, results };
};
