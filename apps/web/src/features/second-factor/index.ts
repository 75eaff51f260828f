import type { RouteRecordRaw } from 'vue-router';
import { withWords } from '../../shared/i18n.ts';
import { secondFactorWords } from './words.ts';

const page = withWords(secondFactorWords);

/** One's second factor: for any page that shows one's account. */
export const loadSecuritySection = page(() => import('./components/SecuritySection.vue'));
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
  component: page(() => import('./pages/CallbackPage.vue')),
  meta: { open: true },
};

export const securityRoute: RouteRecordRaw = {
  path: '/security',
  name: 'security',
  component: page(() => import('./pages/SecurityPage.vue')),
};
