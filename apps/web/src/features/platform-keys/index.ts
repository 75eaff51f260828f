import type { RouteRecordRaw } from 'vue-router';

export const platformKeysRoute: RouteRecordRaw = {
  path: '/api-keys',
  name: 'api-keys',
  component: () => import('./pages/PlatformKeysPage.vue'),
};
