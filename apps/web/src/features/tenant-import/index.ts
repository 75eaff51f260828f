import type { RouteRecordRaw } from 'vue-router';
import { withWords } from '../../shared/i18n.ts';
import { tenantImportWords } from './words.ts';
import { tenantsWords } from '../tenants/words.ts';

const page = withWords(tenantImportWords, tenantsWords);

/** Before the page of one school, whose path it would match. */
export const tenantImportRoute: RouteRecordRaw = {
  path: '/schools/import',
  name: 'school-import',
  meta: { permission: 'tenants:import' },
  component: page(() => import('./pages/ImportPage.vue')),
};
