import type { Page, Request } from '@playwright/test';

const QUIET_MS = 100;
const LONGEST_MS = 30_000;

/**
 * Knows what a page is waiting for. The wait of the library for a quiet network lasts half a second at least, which is a fifth of
 * all that is done on a page here.
 * @returns waits until nothing has been asked for 100 ms, and all that was asked has been answered; fails after 30 s.
 */
export function followRequests(page: Page): () => Promise<void> {
  const asked = new Set<Request>();
  let last = performance.now();
  const settle = (request: Request): void => {
    asked.delete(request);
    last = performance.now();
  };
  page.on('request', (request) => {
    asked.add(request);
    last = performance.now();
  });
  page.on('requestfinished', settle).on('requestfailed', settle);
  // Answers to a page that was left never come.
  page.on('framenavigated', (frame) => {
    for (const request of asked)
      if (request.frame() === frame && !request.isNavigationRequest()) asked.delete(request);
  });
  return async () => {
    const end = performance.now() + LONGEST_MS;
    while (asked.size > 0 || performance.now() - last < QUIET_MS) {
      if (performance.now() > end)
        throw new Error(`not answered: ${[...asked].map((request) => request.url()).join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS / 4));
    }
  };
}
