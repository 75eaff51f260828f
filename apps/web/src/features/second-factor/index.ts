import type { RouteRecordRaw } from 'vue-router';

/** One's second factor: for any page that shows one's account. */
export const loadSecuritySection = () => import('./components/SecuritySection.vue');
export {
  beginSingleSignOn,
  endSingleSignOn,
  getSignInMethods,
  logInWithPasskey,
} from './second-factor.api.ts';

export { default as OtherWaysIn } from './components/OtherWaysIn.vue';

export const callbackRoute: RouteRecordRaw = {
  path: '/sso/callback',
  name: 'sso-callback',
  component: () => import('./pages/CallbackPage.vue'),
  meta: { open: true },
};

export const securityRoute: RouteRecordRaw = {
  path: '/security',
  name: 'security',
  component: () => import('./pages/SecurityPage.vue'),
};
