import { defineAsyncComponent } from 'vue';
import type { RouteRecordRaw } from 'vue-router';
import type { ModuleDescriptor } from '../define-module.ts';
import { withWords } from '../../shared/i18n.ts';
import { supportAccessWords } from './words.ts';

const page = withWords(supportAccessWords);

/** Who of the platform is here, on every page while it lasts. */
export const SupportBanner = defineAsyncComponent(page(() => import('./components/SupportBanner.vue')));

/** Asking a school to be let in, in its page of the console. */
export const SchoolSupportTab = defineAsyncComponent(page(() => import('./components/SchoolSupportTab.vue')));

/** The school's answer, in its own portal. */
export const supportPages: ModuleDescriptor = {
  key: 'schools',
  nav: [{ to: '/support', label: 'support.nav', permission: 'school:support', isAdministration: true }],
  routes: [
    {
      path: '/support',
      name: 'support',
      meta: { permission: 'school:support' },
      component: page(() => import('./pages/ConsentPage.vue')),
    },
  ],
};

/** Where the way in leads, and the way out. */
export const supportRoutes: RouteRecordRaw[] = [
  {
    path: '/support/arrive',
    name: 'support-arrive',
    component: page(() => import('./pages/ArrivePage.vue')),
    meta: { open: true },
  },
  {
    path: '/support/ended',
    name: 'support-ended',
    component: page(() => import('./pages/EndedPage.vue')),
    meta: { open: true },
  },
];
