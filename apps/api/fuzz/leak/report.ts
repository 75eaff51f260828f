import { throwawayDatabase } from '../database.ts';
import { count, type Fuzzer, none } from '../fuzzer.ts';
import { fuzzLeaks } from './leak.ts';

/** A few minutes on a small machine. */
const COUNT = 100_000;

/** `pnpm fuzz leak`: does one school ever see another's rows? */
export const leak: Fuzzer = async ({ count: asked = COUNT, seed, endings, progress }) => {
  const { ledger, done, seconds } = await fuzzLeaks({
    ...(await throwawayDatabase(endings)),
    seed,
    count: asked,
    progress: (so) => progress(`${so.toLocaleString('en-US')} of ${asked.toLocaleString('en-US')}`),
  });
  for (const finding of [...ledger.leaks, ...ledger.losses, ...ledger.surprises]) progress(finding);
  const { counts } = ledger;
  return [
    count('operations', done),
    count('time', Math.round(seconds), 's'),
    count('watermarks looked at', ledger.watermarks),
    none('foreign watermarks', counts['leaks'] ?? 0),
    none('commits lost, rollbacks kept', counts['losses'] ?? 0),
    none('failures that no fault explains', counts['surprises'] ?? 0),
    count('undone on purpose', counts['undone'] ?? 0),
    count('failed by a fault', counts['failed by a fault'] ?? 0),
    count('statements timed out', counts['time-outs'] ?? 0),
    count('backends killed', counts['backends killed'] ?? 0),
    count('lines cut', counts['lines cut'] ?? 0),
    ...Object.entries(counts)
      .filter(([name]) => name.startsWith('http '))
      .map(([name, value]) => count(`answers ${name}`, value)),
  ];
};
