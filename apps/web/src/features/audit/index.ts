import { defineAsyncComponent } from 'vue';
import type { RouteRecordRaw } from 'vue-router';
import { homeCard, type ModuleDescriptor } from '../define-module.ts';
import { withWords } from '../../shared/i18n.ts';
import { auditWords } from './words.ts';

const page = withWords(auditWords);

/** The trail of the whole platform, in the console. */
export const auditRoute: RouteRecordRaw = {
  path: '/audit',
  name: 'audit',
  meta: { permission: 'audit:read' },
  component: page(() => import('./pages/PlatformAuditPage.vue')),
};

/** A school's own trail, which belongs to no module that can be switched off. */
export const auditPages: ModuleDescriptor = {
  key: 'schools',
  nav: [{ to: '/audit', label: 'audit.nav', permission: 'school:audit', isAdministration: true }],
  routes: [
    {
      path: '/audit',
      name: 'audit',
      meta: { permission: 'school:audit' },
      component: page(() => import('./pages/SchoolAuditPage.vue')),
    },
  ],
  home: [
    {
      key: 'changes',
      title: 'changes.nav',
      to: '/audit',
      rows: 4,
      wide: true,
      rank: 20,
      sees: ({ may }) => may('school:audit'),
      // All words of the trail: which of them a change needs, its row decides.
      load: page(homeCard('HomeChanges')),
    },
  ],
};

/** A school's trail, in its page of the console. */
export const SchoolAuditTab = defineAsyncComponent(page(() => import('./components/SchoolAuditTab.vue')));
