import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Bytes of files that pass through the process before their pieces are collected. Left alone, V8 counts memory outside its heap
 * against a limit of some 32 MiB and, each time that is reached, goes through the whole heap: a tenth of a second, more than half
 * of what carrying a file costs, to free pieces that were young a moment ago. Collecting the young ones alone takes less than a
 * millisecond, and the process does not grow.
 */
const COLLECTED_EVERY = 8 * 1024 ** 2;
/** The same for pieces that waited for a store long enough to grow old: some tens of milliseconds each time. */
const OLD_COLLECTED_EVERY = 64 * 1024 ** 2;

// What lives a little longer, a file that waits for the disk say, then counts with the heap and not by itself.
setFlagsFromString('--external-memory-accounted-in-global-limit');
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { type: 'minor' | 'major' }) => void;
/** Counts bytes, and collects pieces of that age each time that so many have passed. */
function collectEvery(most: number, type: 'minor' | 'major'): (bytes: number) => void {
  let since = 0;
  return (bytes) => {
    since += bytes;
    if (since < most) return;
    since = 0;
    collect({ type });
  };
}

/** Says that a piece of a file has passed and will be garbage. Call it for every piece where large files flow. */
export const passed = collectEvery(COLLECTED_EVERY, 'minor');

/** Says that a piece has passed that had to wait for a store elsewhere: of an upload in parts, until its part was taken. */
export const passedSlowly = collectEvery(OLD_COLLECTED_EVERY, 'major');
