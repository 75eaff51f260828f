import { defineAsyncComponent } from 'vue';
import type { RouteRecordRaw } from 'vue-router';
import { withWords } from '../../shared/i18n.ts';
import type { ModuleDescriptor } from '../define-module.ts';
import { tenantsWords } from '../tenants/words.ts';
import { bundlesWords } from './words.ts';

const page = withWords(bundlesWords, tenantsWords);
const ownPage = withWords(bundlesWords);

/** A school's archives, in its page of the console. */
export const BackupsTab = defineAsyncComponent(page(() => import('./components/BackupsTab.vue')));

/** Where erased schools come back from, and those of other installations come in. */
export const returnRoute: RouteRecordRaw = {
  path: '/schools/return',
  name: 'school-return',
  meta: { permission: 'backups:restore' },
  component: page(() => import('./pages/ReturnPage.vue')),
};

/** What a school takes along, in its own portal. */
export const exportPages: ModuleDescriptor = {
  key: 'schools',
  nav: [{ to: '/exports', label: 'exports.nav', permission: 'school:export', isAdministration: true }],
  routes: [
    {
      path: '/exports',
      name: 'exports',
      meta: { permission: 'school:export' },
      component: ownPage(() => import('./pages/ExportsPage.vue')),
    },
  ],
};
