import { ask } from '../ask.ts';
import type { Installation } from '../installation.ts';
import { findLoadGenerator } from '../load.ts';
import { atLeast, figure, type Result } from '../report.ts';
import { median } from '../statistics.ts';

const PATH = '/api/v1/current-tenant/theme/';
const CONNECTIONS = 32;

interface Round {
  perSecond: number;
  /** Answers a second of the server's processor. */
  perCpuSecond: number;
}

/** Requests of the theme by more and more schools, in turns: what else the machine does falls on all alike. */
export async function measureTheme(
  { server, accessLog }: Installation,
  hostOf: (n: number) => string,
  sizes: readonly number[],
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Result[]> {
  const load = findLoadGenerator();
  const known = (count: number): string[] => Array.from({ length: count }, (_, n) => hostOf(n));
  const middle = sizes[1] ?? 1;
  const variants = [
    ...sizes.map((size) => ({ name: `theme, ${size} school${size > 1 ? 's' : ''}`, hosts: known(size) })),
    {
      name: `theme, ${middle} schools, half for unknown hosts`,
      hosts: known(middle).flatMap((host, n) => [host, `nowhere-${n}.${host}`]),
    },
  ];
  const url = server.url + PATH;
  for (const { hosts } of variants) for (const host of hosts) await ask(url, { headers: { host } });

  const measured = new Map<string, Round[]>(variants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const { name, hosts } of variants) {
      accessLog.drain();
      const before = server.cpuSeconds();
      const { requests, perSecond } = await load.fire({
        url,
        headers: {},
        hosts,
        connections: CONNECTIONS,
        seconds,
      });
      measured.get(name)?.push({ perSecond, perCpuSecond: requests / (server.cpuSeconds() - before) });
    }
  const rate = (name: string, key: keyof Round): number =>
    median((measured.get(name) ?? []).map((round) => round[key]));
  const [one] = variants;
  const most = variants[sizes.length - 1];
  return [
    ...variants.flatMap(({ name }) => [
      figure(name, rate(name, 'perSecond'), 'requests/s'),
      figure(`${name}, by processor`, rate(name, 'perCpuSecond'), 'requests/cpu s'),
    ]),
    atLeast(
      `theme, ${sizes.at(-1)} schools to one, by processor`,
      rate(most?.name ?? '', 'perCpuSecond') / rate(one?.name ?? '', 'perCpuSecond'),
      0.9,
    ),
  ];
}
