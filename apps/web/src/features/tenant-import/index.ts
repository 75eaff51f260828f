import type { RouteRecordRaw } from 'vue-router';

/** Before the page of one school, whose path it would match. */
export const tenantImportRoute: RouteRecordRaw = {
  path: '/schools/import',
  name: 'school-import',
  component: () => import('./pages/ImportPage.vue'),
};
