import type { RouteRecordRaw } from 'vue-router';
import { withWords } from '../../shared/i18n.ts';
import { jobsWords } from './words.ts';
import { tenantsWords } from '../tenants/words.ts';

const page = withWords(jobsWords, tenantsWords);

export const jobRoutes: RouteRecordRaw[] = [
  {
    path: '/jobs',
    name: 'jobs',
    meta: { permission: 'jobs:read' },
    component: page(() => import('./pages/JobsPage.vue')),
  },
  {
    path: '/jobs/:id',
    name: 'job',
    meta: { permission: 'jobs:read' },
    component: page(() => import('./pages/JobPage.vue')),
    props: true,
  },
];
