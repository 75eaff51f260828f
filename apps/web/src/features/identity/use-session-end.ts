import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { isProblem } from '../../shared/problem.ts';
import { getSessionEnd } from './identity.api.ts';
import { useSession } from './session.store.ts';

/** Milliseconds before the end of a session from which its person is told. */
export const NOTICE = 120_000;
/** Between two questions while they are: another window may have gone on meanwhile. */
const AGAIN = 10_000;
/** The longest that a browser's timer runs. */
const LONGEST = 2_000_000_000;

/**
 * When the session ends, from {@link NOTICE} before it: by what the server says, asked without using the session. Undefined while
 * there is time.
 */
export function useSessionEnd(): { endsAt: ShallowRef<number | undefined>; stay: () => Promise<void> } {
  const session = useSession();
  const endsAt = shallowRef<number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** As last heard of: every request of somebody who works moves it on, untold. */
  let end = Number.POSITIVE_INFINITY;

  function plan(next: number): void {
    end = next;
    clearTimeout(timer);
    const left = end - Date.now();
    endsAt.value = left > NOTICE ? undefined : end;
    const wait = left > NOTICE ? left - NOTICE : Math.min(AGAIN, Math.max(0, left));
    timer = setTimeout(() => void check(), Math.min(wait, LONGEST));
  }

  async function check(): Promise<void> {
    try {
      plan(Date.parse((await getSessionEnd()).expires_at));
    } catch (error) {
      // Its own end is heard of where every refusal is.
      if (isProblem(error, 'not_authenticated', 'wrong_host')) return;
      if (Date.now() >= end) session.end();
      else timer = setTimeout(() => void check(), AGAIN);
    }
  }

  /** A machine that slept has let the time pass. */
  function look(): void {
    if (!document.hidden && end - Date.now() < NOTICE) void check();
  }

  watch(
    () => (session.isOver ? null : session.me),
    (me) => {
      clearTimeout(timer);
      endsAt.value = undefined;
      end = Number.POSITIVE_INFINITY;
      if (me) plan(Date.parse(me.session_expires_at));
    },
    { immediate: true },
  );
  document.addEventListener('visibilitychange', look);
  onScopeDispose(() => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
  });

  return {
    endsAt,
    async stay() {
      await session.reload();
    },
  };
}
