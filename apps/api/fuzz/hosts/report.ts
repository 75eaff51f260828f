import { throwawayDatabase } from '../database.ts';
import { count, type Fuzzer, none } from '../fuzzer.ts';
import { fuzzHosts } from './hosts.ts';

/** About a minute on a small machine. */
const COUNT = 50_000;

/** `pnpm fuzz hosts`: does any spelling of a host reach a school that is not meant? */
export const hosts: Fuzzer = async ({ count: asked = COUNT, seed, endings, progress }) => {
  const found = await fuzzHosts(
    {
      ...(await throwawayDatabase(endings)),
      seed,
      count: asked,
      progress: (so) => progress(`${so.toLocaleString('en-US')} of ${asked.toLocaleString('en-US')}`),
    },
    endings,
  );
  for (const finding of [...found.wrong, ...found.refused, ...found.broken].slice(0, 20)) progress(finding);
  return [
    count('requests', found.done),
    none('wrong school', found.wrong.length),
    none('right school refused', found.refused.length),
    none('failures', found.broken.length),
    ...Object.entries(found.statuses).map(([status, value]) => count(`answers ${status}`, value)),
  ];
};
