import type { RouteRecordRaw } from 'vue-router';
import { SCHOOL_TABS } from './school-tabs.ts';
import { withWords } from '../../shared/i18n.ts';
import { tenantsWords } from './words.ts';
import { currentTenantWords } from '../current-tenant/words.ts';

const page = withWords(tenantsWords);
const pageOfLooks = withWords(tenantsWords, currentTenantWords);

/** The console's pages about schools. */
export const tenantRoutes: readonly RouteRecordRaw[] = [
  {
    path: '/schools',
    name: 'schools',
    meta: { permission: 'tenants:read' },
    component: page(() => import('./pages/ListPage.vue')),
  },
  {
    path: '/schools/new',
    name: 'school-new',
    meta: { permission: 'tenants:create' },
    component: pageOfLooks(() => import('./pages/CreatePage.vue')),
  },
  {
    path: '/schools/bulk/:id',
    name: 'schools-bulk',
    meta: { permission: 'jobs:read' },
    component: page(() => import('./pages/BulkPage.vue')),
    props: true,
  },
  {
    path: '/schools/:id/edit',
    name: 'school-edit',
    meta: { permission: 'tenants:update' },
    component: pageOfLooks(() => import('./pages/EditPage.vue')),
    props: true,
  },
  {
    path: `/schools/:id/:tab(${SCHOOL_TABS.slice(1).join('|')})?`,
    name: 'school',
    meta: { permission: 'tenants:read' },
    component: page(() => import('./pages/DetailPage.vue')),
    props: true,
  },
];

export { findTenants } from './tenants.api.ts';
export { networksQuery } from './tenants.queries.ts';
