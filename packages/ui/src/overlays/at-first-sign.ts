const SIGNS = ['pointermove', 'pointerdown', 'keydown'] as const;

type Work = () => Promise<unknown>;
const waiting = new Set<Work>();
let wasSeen = false;

// Whoever needs it asks again, and is told of a failure then.
const begin = (work: Work): void => void work().catch(() => undefined);

function see(): void {
  wasSeen = true;
  for (const sign of SIGNS) removeEventListener(sign, see, true);
  for (const work of waiting) begin(work);
  waiting.clear();
}

/**
 * Does something once, when somebody first moves the pointer, touches the page or presses a key: too late to be in the way of the
 * page itself, early enough for whatever they open first. At once where that has happened.
 */
export function atFirstSign(work: Work): void {
  if (wasSeen) return begin(work);
  if (waiting.size === 0)
    for (const sign of SIGNS) addEventListener(sign, see, { capture: true, passive: true });
  waiting.add(work);
}
