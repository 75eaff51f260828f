import type { RouteRecordRaw } from 'vue-router';
import { withWords } from '../../shared/i18n.ts';
import { overviewWords } from './words.ts';
import { tenantsWords } from '../tenants/words.ts';

const page = withWords(overviewWords, tenantsWords);

export const overviewRoute: RouteRecordRaw = {
  path: '/',
  name: 'overview',
  component: page(() => import('./pages/OverviewPage.vue')),
};
