import fs from 'node:fs';
import path from 'node:path';
import { recordProfile, timesOf, type Time, type Times } from './cpu-profile.ts';
import { createEndings } from './endings.ts';
import { install } from './installation.ts';
import { listComparison } from './list-comparison.ts';
import { findLoadGenerator } from './load.ts';
import { freePort } from '@preau/testkit/free-port';
import type { ServerProcess } from './processes.ts';
import { openSchool } from './school.ts';
import { formatCells } from './table.ts';
import { themeComparison } from './theme-comparison.ts';

/**
 * Where the processor time of a compared route goes, for the product and for its peer:
 * `node apps/api/bench/profile.ts [theme|list] [seconds]`. Keeps the profiles for a viewer in `.cache/profiles/`.
 */

const SHOWN = 50;
const WARM_UP_SECONDS = 4;

interface Side {
  times: Times;
  requests: number;
}

const perRequest = (time: Time | undefined, pick: keyof Time, { requests }: Side): number =>
  (time?.[pick] ?? 0) / requests;
const micros = (value: number): string => (Math.abs(value) < 0.005 ? '' : value.toFixed(2));

function table(kind: keyof Times, product: Side, peer: Side): string {
  const rows = [...new Set([...product.times[kind].keys(), ...peer.times[kind].keys()])]
    .map((key) => {
      const ours = product.times[kind].get(key);
      const theirs = peer.times[kind].get(key);
      return {
        key,
        own: perRequest(ours, 'own', product),
        total: perRequest(ours, 'total', product),
        peer: perRequest(theirs, 'own', peer),
      };
    })
    .toSorted((a, b) => b.own - a.own || b.peer - a.peer)
    .slice(0, SHOWN)
    .map(({ key, own, total, peer: theirs }) => [
      micros(own),
      micros(theirs),
      micros(own - theirs),
      micros(total),
      key,
    ]);
  return formatCells([['own µs/request', 'bare', 'more', 'with calls', kind], ...rows], [0, 1, 2, 3]);
}

const [what = 'theme', seconds = '5'] = process.argv.slice(2);
const endings = createEndings();
process.once('SIGINT', () => void endings.run().then(() => process.exit(130)));
try {
  const ports = { product: await freePort(), peer: await freePort() };
  const inspect = (port: number) => ({ nodeOptions: [`--inspect=127.0.0.1:${port}`] });
  const installation = await install({ endings, ...inspect(ports.product) });
  const school = await openSchool(installation, 'bench');
  const compare = what === 'list' ? listComparison : themeComparison;
  const comparison = await compare(installation, school, inspect(ports.peer));
  const load = findLoadGenerator();
  const folder = path.join(import.meta.dirname, '../../../.cache/profiles');
  fs.mkdirSync(folder, { recursive: true });

  const record = async (name: string, server: ServerProcess, port: number): Promise<Side> => {
    const fire = (duration: number) =>
      load.fire({ ...comparison, url: server.url + comparison.path, seconds: duration });
    await fire(WARM_UP_SECONDS);
    let requests = 0;
    const profile = await recordProfile(port, async () => {
      ({ requests } = await fire(Number(seconds)));
    });
    fs.writeFileSync(path.join(folder, `${what}-${name}.cpuprofile`), JSON.stringify(profile));
    return { times: timesOf(profile), requests };
  };
  const product = await record('preau', comparison.product, ports.product);
  const peer = await record('bare', comparison.peer, ports.peer);
  process.stdout.write(`${table('owners', product, peer)}\n\n${table('functions', product, peer)}\n`);
} finally {
  await endings.run();
}
