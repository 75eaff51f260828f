import { useQueryCache } from '@pinia/colada';
import { watch } from 'vue';
import type { Me } from '@preau/contracts/identity';
import type { LocationQueryRaw, Router } from 'vue-router';
import { useBoot } from '../../shared/boot.ts';
import { holdAt } from '../../shared/held.ts';
import { onProblem } from '../../shared/http.ts';
import { nextTask } from '../../shared/tasks.ts';
import { isProblem } from '../../shared/problem.ts';
import type { ProblemError } from '../../shared/problem.ts';
import { useSession } from './session.store.ts';
import { cover } from './use-session-over.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** Shown to visitors too. */
    open?: boolean;
  }
}

/** Only a path of this site: `next=//elsewhere.example` would lead out of it. */
export function safeNext(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : '/';
}

/** Visitors go to the login page, and come back afterwards. */
export function guardSession(router: Router): void {
  const session = useSession();
  if (!useBoot().has_session) session.end();
  router.beforeEach(async (to, from) => {
    if (to.meta.open && to.name !== 'login') {
      // The page does not wait for it, the navigation around it does.
      void session.load().catch(() => undefined);
      return true;
    }
    // The page that waits under its cover stays as it was.
    if (session.isOver) return false;
    const me = await session.load();
    // The navigation around the first page is made before it, and not in one go with it.
    if (from.matched.length === 0) await nextTask();
    if (to.name === 'login') return me ? safeNext(to.query['next']) : true;
    if (!me) return { name: 'login', query: queryFor(to.fullPath) };
    // The server answers nothing else before the second factor is set up.
    return me.must_enrol && to.name !== 'security' ? { name: 'security' } : true;
  });
}

function queryFor(fullPath: string): LocationQueryRaw {
  return fullPath === '/' ? {} : { next: fullPath };
}

/** The same person, later: requests that were refused meanwhile go again. */
function holdRequests(): void {
  const session = useSession();
  holdAt({
    round: () => session.rounds,
    reopened(round) {
      if (session.rounds !== round) return Promise.resolve(true);
      if (!session.me) return Promise.resolve(false);
      session.end();
      return new Promise((resolve) => {
        watch(
          () => session.rounds,
          () => resolve(true),
          { once: true },
        );
      });
    },
  });
}

/** Windows of one browser have one session: what happens to it in one has happened to all. */
function followOtherWindows(): (what: 'in' | 'out') => void {
  const session = useSession();
  const others = new BroadcastChannel('preau-session');
  others.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (!session.me) return;
    if (data === 'out') session.leave();
    else void session.reload().catch(() => undefined);
  });
  // Gone back to, as it was when it was left: by whom, the browser does not ask.
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted && session.me) void session.reload().catch(() => undefined);
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is of one origin, and takes none
  return (what) => others.postMessage(what);
}

/**
 * What a session that ends anywhere does to the page: it waits for the same person (the shell covers it), and for nobody else.
 * Whoever leaves, and whoever else comes, gets a new page: nothing of the first person's is in its memory.
 */
export function watchSession(router: Router, onOther: (error: ProblemError) => void): void {
  const session = useSession();
  const cache = useQueryCache();
  onProblem((error) => {
    if (isProblem(error, 'not_authenticated')) session.end();
    else if (isProblem(error, 'wrong_host')) session.leave({ onPurpose: false });
    else onOther(error);
  });
  holdRequests();
  const tell = followOtherWindows();
  function afterwards({ support }: Me, fullPath: string) {
    const { isLeft, isShownOut } = session;
    if (support)
      return { name: 'support-ended', query: { why: isLeft ? 'left' : isShownOut ? 'shown_out' : 'over' } };
    if (isLeft) return { name: 'login' };
    // Whoever has been taken off the school would come back in vain.
    return {
      name: 'login',
      query: isShownOut ? { ended: 'removed' } : { ...queryFor(fullPath), ended: '1' },
    };
  }
  watch(
    () => session.rounds,
    () => tell('in'),
  );
  watch(
    () => session.me,
    (now, before) => {
      if (now && before !== undefined && now.id !== before?.id) tell('in');
      if (!before || now?.id === before.id) return;
      // A link of the support in a page that is open: nothing of the first is theirs.
      for (const entry of cache.getEntries()) cache.remove(entry);
      if (now && session.isOver) return location.replace('/');
      if (now) return;
      if (session.isLeft) tell('out');
      const { meta, fullPath } = router.currentRoute.value;
      if (meta.open) return;
      cover(true);
      location.replace(router.resolve(afterwards(before, fullPath)).href);
    },
    { flush: 'sync' },
  );
}
