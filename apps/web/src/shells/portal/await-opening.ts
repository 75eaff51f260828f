import type { authOptions } from '@preau/contracts/accounts';
import { useEventListener, useIntervalFn } from '@vueuse/core';
import { call } from '../../shared/http.ts';

/**
 * Looks about every `milliseconds`, while the page is seen, whether its school has opened meanwhile: it then comes anew, as to
 * whoever enters.
 */
export function awaitOpening(milliseconds: number): void {
  async function look(): Promise<void> {
    if (document.hidden) return;
    try {
      await call<typeof authOptions>('GET', '/auth/options/');
      location.reload();
    } catch {
      // Still closed, or out of reach: the next look tells.
    }
  }
  // A whole school was closed at one moment, and is not to ask at one.
  useIntervalFn(look, milliseconds * (1 + Math.random() / 2));
  useEventListener(document, 'visibilitychange', look);
}
