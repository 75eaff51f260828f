import type { RouteRecordRaw } from 'vue-router';
import { SCHOOL_TABS } from './school-tabs.ts';

/** The console's pages about schools. */
export const tenantRoutes: readonly RouteRecordRaw[] = [
  { path: '/schools', name: 'schools', component: () => import('./pages/ListPage.vue') },
  { path: '/schools/new', name: 'school-new', component: () => import('./pages/CreatePage.vue') },
  {
    path: '/schools/:id/edit',
    name: 'school-edit',
    component: () => import('./pages/EditPage.vue'),
    props: true,
  },
  {
    path: `/schools/:id/:tab(${SCHOOL_TABS.slice(1).join('|')})?`,
    name: 'school',
    component: () => import('./pages/DetailPage.vue'),
    props: true,
  },
];
