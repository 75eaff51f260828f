import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { effectScope, type EffectScope } from 'vue';
import { NetworkError } from '../../shared/problem.ts';
import * as api from './identity.api.ts';
import { useSession } from './session.store.ts';
import { NOTICE, useSessionEnd } from './use-session-end.ts';

const HOUR = 3_600_000;
const iso = (at: number) => new Date(at).toISOString();
const asked = vi.spyOn(api, 'getSessionEnd');
let scope: EffectScope;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  setActivePinia(createPinia());
  asked.mockReset();
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

function begin() {
  const session = useSession();
  session.begin({ id: 'a', session_expires_at: iso(HOUR) } as never);
  return { session, end: scope.run(useSessionEnd)! };
}

test('nothing is asked before the end could be near, and work that was done meanwhile moves it on', async () => {
  const { end } = begin();
  await vi.advanceTimersByTimeAsync(HOUR - NOTICE - 1);
  expect(asked).not.toHaveBeenCalled();
  asked.mockResolvedValue({ expires_at: iso(HOUR + 40 * 60_000) });
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toHaveBeenCalledOnce();
  expect(end.endsAt.value).toBeUndefined();
});

test('a session that nobody uses is told of, and has ended when the server says so', async () => {
  const { session, end } = begin();
  asked.mockResolvedValue({ expires_at: iso(HOUR) });
  await vi.advanceTimersByTimeAsync(HOUR - NOTICE);
  expect(end.endsAt.value).toBe(HOUR);
  // The line is cut meanwhile: what was last heard of holds.
  asked.mockRejectedValue(new NetworkError(false, null));
  await vi.advanceTimersByTimeAsync(NOTICE - 1_000);
  expect(session.isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(11_000);
  expect(session.isOver).toBe(true);
  expect(end.endsAt.value).toBeUndefined();
});

test('whoever stays, here or in another window, is asked no more', async () => {
  const { end } = begin();
  asked.mockResolvedValue({ expires_at: iso(HOUR) });
  await vi.advanceTimersByTimeAsync(HOUR - NOTICE);
  expect(end.endsAt.value).toBe(HOUR);
  asked.mockResolvedValue({ expires_at: iso(2 * HOUR) });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(end.endsAt.value).toBeUndefined();
});

test('a time-out longer than a timer runs is waited for in parts', async () => {
  const session = useSession();
  session.begin({ id: 'a', session_expires_at: iso(30 * 24 * HOUR) } as never);
  asked.mockResolvedValue({ expires_at: iso(30 * 24 * HOUR) });
  const end = scope.run(useSessionEnd)!;
  await vi.advanceTimersByTimeAsync(HOUR);
  expect(asked).not.toHaveBeenCalled();
  expect(end.endsAt.value).toBeUndefined();
});
