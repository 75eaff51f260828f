import { defineAsyncComponent } from 'vue';
import type { RouteRecordRaw } from 'vue-router';
import type { ModuleDescriptor } from '../define-module.ts';
import { withWords } from '../../shared/i18n.ts';
import { apiKeysWords } from './words.ts';

const page = withWords(apiKeysWords);

/** Keys of the platform, in the console. */
export const platformKeysRoute: RouteRecordRaw = {
  path: '/api-keys',
  name: 'api-keys',
  meta: { permission: 'keys:manage' },
  component: page(() => import('./pages/PlatformKeysPage.vue')),
};

/** Keys of a school, in its page of the console. */
export const SchoolKeysTab = defineAsyncComponent(page(() => import('./components/SchoolKeysTab.vue')));

/** Keys of a school in its own portal. */
export const apiKeysPages: ModuleDescriptor = {
  key: 'authentication',
  nav: [{ to: '/api-keys', label: 'keys.nav', permission: 'school:keys', isAdministration: true }],
  routes: [
    {
      path: '/api-keys',
      name: 'api-keys',
      meta: { permission: 'school:keys' },
      component: page(() => import('./pages/SchoolKeysPage.vue')),
    },
  ],
};
