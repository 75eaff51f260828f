/**
 * Ends the task: the browser answers whoever taps, and paints, before what follows. Work that is cut into tasks of a few
 * milliseconds holds nobody up, on a slow telephone either.
 */
export const nextTask = (): Promise<void> =>
  (globalThis as { scheduler?: { yield?: () => Promise<void> } }).scheduler?.yield?.() ??
  new Promise((resolve) => setTimeout(resolve));

const LONGEST_WAIT_MS = 100;

/** Resolves when what is on the page has been painted; a page that nobody sees is not painted, and is not waited for. */
export const painted = (): Promise<void> =>
  new Promise((resolve) => {
    if (document.hidden) return resolve();
    setTimeout(resolve, LONGEST_WAIT_MS);
    requestAnimationFrame(() => setTimeout(resolve));
  });

/** Makes a turnstile, which opens when `first` has come: who goes through it goes on in a task of their own, one after the other. */
export function inTurn(first: Promise<void>): () => Promise<void> {
  let last = first;
  return () => (last = last.then(nextTask));
}
