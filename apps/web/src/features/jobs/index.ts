import type { RouteRecordRaw } from 'vue-router';

export const jobRoutes: RouteRecordRaw[] = [
  { path: '/jobs', name: 'jobs', component: () => import('./pages/JobsPage.vue') },
  { path: '/jobs/:id', name: 'job', component: () => import('./pages/JobPage.vue'), props: true },
];
