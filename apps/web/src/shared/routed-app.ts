import { provideLinkComponent } from '@preau/ui';
import type { App } from 'vue';
import {
  createRouter,
  createWebHistory,
  RouterLink,
  type RouteLocationNormalizedLoaded,
  type Router,
  type RouteRecordRaw,
} from 'vue-router';
import { usePageState } from './page/page-title.ts';

/** Of what a page is: another school or student is another page, other tabs and filters are not. */
export const subjectOf = ({ params }: RouteLocationNormalizedLoaded): string => String(params['id'] ?? '');

const isSamePage = (to: RouteLocationNormalizedLoaded, from: RouteLocationNormalizedLoaded): boolean =>
  to.name === from.name && subjectOf(to) === subjectOf(from);

/** Adds the router to a shell: its links, the scroll, and the focus on the heading of each page gone to. */
export function addRouter(app: App, routes: RouteRecordRaw[]): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes,
    // The first page is at its top already, and asking for it would lay the page out half-made.
    scrollBehavior: (to, from, saved) =>
      saved ?? (from.matched.length === 0 || isSamePage(to, from) ? undefined : { top: 0 }),
  });
  provideLinkComponent(app, RouterLink);
  const { headingWanted } = app.runWithContext(usePageState);
  router.afterEach((to, from) => {
    // The first page is read from its start; another tab or filter of the same page moves nothing.
    if (from.matched.length > 0 && !isSamePage(to, from)) headingWanted.value = true;
  });
  return router;
}
