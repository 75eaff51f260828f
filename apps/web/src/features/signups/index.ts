import type { RouteRecordRaw } from 'vue-router';
import { withWords } from '../../shared/i18n.ts';
import { signupsWords } from './words.ts';

const page = withWords(signupsWords);

export const signupRoutes: RouteRecordRaw[] = [
  {
    path: '/signups',
    name: 'signups',
    meta: { permission: 'signups:read' },
    component: page(() => import('./pages/SignupsPage.vue')),
  },
  {
    path: '/signups/:id',
    name: 'signup',
    meta: { permission: 'signups:read' },
    component: page(() => import('./pages/SignupPage.vue')),
    props: true,
  },
];

export { getSettings as getSignupSettings } from './signups.api.ts';
