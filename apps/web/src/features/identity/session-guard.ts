import { useQueryCache } from '@pinia/colada';
import { watch } from 'vue';
import type { LocationQueryRaw, Router } from 'vue-router';
import { useBoot } from '../../shared/boot.ts';
import { isProblem } from '../../shared/problem.ts';
import { onProblem } from '../../shared/http.ts';
import type { ProblemError } from '../../shared/problem.ts';
import { useSession } from './session.store.ts';

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
  router.beforeEach(async (to) => {
    if (to.meta.open && to.name !== 'login') {
      // The page does not wait for it, the navigation around it does.
      void session.load().catch(() => undefined);
      return true;
    }
    const me = await session.load();
    if (to.name === 'login') return me ? safeNext(to.query['next']) : true;
    if (!me) return { name: 'login', query: queryFor(to.fullPath) };
    // The server answers nothing else before the second factor is set up.
    return me.must_enrol && to.name !== 'security' ? { name: 'security' } : true;
  });
}

function queryFor(fullPath: string): LocationQueryRaw {
  return fullPath === '/' ? {} : { next: fullPath };
}

/** A session that ends anywhere leads to the login page; what was read under it is forgotten. */
export function watchSession(router: Router, onOther: (error: ProblemError) => void): void {
  const session = useSession();
  const cache = useQueryCache();
  onProblem((error) => {
    if (isProblem(error, 'not_authenticated', 'wrong_host')) session.end();
    else onOther(error);
  });
  watch(
    () => session.me,
    (now, before) => {
      // Another person's session in the same page, by a link of the support: nothing of the first is theirs.
      if (!before || now?.id === before.id) return;
      for (const entry of cache.getEntries()) cache.remove(entry);
      if (now) return;
      const route = router.currentRoute.value;
      if (!route.meta.open)
        void router.push({ name: 'login', query: { ...queryFor(route.fullPath), ended: '1' } });
    },
  );
}
