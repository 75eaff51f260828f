import type { RouteRecordRaw } from 'vue-router';

export const fleetRoutes: RouteRecordRaw[] = [
  { path: '/fleet', name: 'fleet', component: () => import('./pages/FleetPage.vue') },
  {
    path: '/fleet/runs/:id',
    name: 'fleet-run',
    component: () => import('./pages/FleetRunPage.vue'),
    props: true,
  },
];
