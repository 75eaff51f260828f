import type { RouteRecordRaw } from 'vue-router';
import { withWords } from '../../shared/i18n.ts';
import { fleetWords } from './words.ts';

const page = withWords(fleetWords);

export const fleetRoutes: RouteRecordRaw[] = [
  {
    path: '/fleet',
    name: 'fleet',
    meta: { permission: 'fleet:read' },
    component: page(() => import('./pages/FleetPage.vue')),
  },
  {
    path: '/fleet/runs/:id',
    name: 'fleet-run',
    meta: { permission: 'fleet:read' },
    component: page(() => import('./pages/FleetRunPage.vue')),
    props: true,
  },
];
