import type { RouteRecordRaw } from 'vue-router';

export const overviewRoute: RouteRecordRaw = {
  path: '/',
  name: 'overview',
  component: () => import('./pages/OverviewPage.vue'),
};
