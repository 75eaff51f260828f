import { defineAsyncComponent } from 'vue';
import type { RouteRecordRaw } from 'vue-router';
import type { ModuleDescriptor } from '../define-module.ts';

/** Keys of the platform, in the console. */
export const platformKeysRoute: RouteRecordRaw = {
  path: '/api-keys',
  name: 'api-keys',
  component: () => import('./pages/PlatformKeysPage.vue'),
};

/** Keys of a school, in its page of the console. */
export const SchoolKeysTab = defineAsyncComponent(() => import('./components/SchoolKeysTab.vue'));

/** Keys of a school in its own portal. */
export const apiKeysPages: ModuleDescriptor = {
  key: 'authentication',
  nav: [{ to: '/api-keys', label: 'keys.nav', permission: 'school:keys', isAdministration: true }],
  routes: [{ path: '/api-keys', name: 'api-keys', component: () => import('./pages/SchoolKeysPage.vue') }],
};
