import type { RouteRecordRaw } from 'vue-router';

export { useSession } from './session.store.ts';
export { guardSession, watchSession } from './session-guard.ts';

export const loginRoute: RouteRecordRaw = {
  path: '/login',
  name: 'login',
  component: () => import('./pages/LoginPage.vue'),
  meta: { open: true },
};

export const invitationRoute: RouteRecordRaw = {
  path: '/invitation/:token',
  name: 'invitation',
  component: () => import('./pages/InvitationPage.vue'),
  props: true,
  meta: { open: true },
};
