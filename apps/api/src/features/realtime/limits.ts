/** Messages that one socket may send at once, and in a second from then on. */
const BURST = 40;
const A_SECOND = 20;
/** Refused messages in a row after which a socket is closed. */
const PATIENCE = 200;
/** Sockets of one person in one process: tabs and devices, and some that have not noticed their end. */
export const MOST_SOCKETS = 25;
/** Of one API key. */
export const MOST_SOCKETS_OF_KEY = 100;

export type Verdict = 'let through' | 'refuse' | 'close';

/** Counts the messages of one socket. */
export function createBucket(now: () => number = performance.now.bind(performance)): () => Verdict {
  let left = BURST;
  let at = now();
  let refused = 0;
  return () => {
    const moment = now();
    left = Math.min(BURST, left + ((moment - at) / 1_000) * A_SECOND);
    at = moment;
    if (left >= 1) {
      left -= 1;
      refused = 0;
      return 'let through';
    }
    refused += 1;
    return refused >= PATIENCE ? 'close' : 'refuse';
  };
}
