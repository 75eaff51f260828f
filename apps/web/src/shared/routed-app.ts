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

/** What makes a page another one: its tabs and filters do not, another school or student does. */
export const pageOf = ({ name, params }: RouteLocationNormalizedLoaded): string =>
  [String(name), params['id']].join('/');

/** Adds the router to a shell: its links, the scroll, and the focus on the heading of each page gone to. */
export function addRouter(app: App, routes: RouteRecordRaw[]): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes,
    // The first page is at its top already, and asking for it would lay the page out half-made.
    scrollBehavior: (to, from, saved) =>
      saved ?? (from.matched.length === 0 || pageOf(to) === pageOf(from) ? undefined : { top: 0 }),
  });
  provideLinkComponent(app, RouterLink);
  const { headingWanted } = app.runWithContext(usePageState);
  router.afterEach((to, from) => {
    // The first page is read from its start; another tab or filter of the same page moves nothing.
    if (from.matched.length > 0 && pageOf(to) !== pageOf(from)) headingWanted.value = true;
  });
  return router;
}
