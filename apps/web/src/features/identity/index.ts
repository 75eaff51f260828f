import { defineAsyncComponent } from 'vue';
import type { RouteRecordRaw } from 'vue-router';
import { withWords } from '../../shared/i18n.ts';
import { identityWords } from './words.ts';
import { secondFactorWords } from '../second-factor/words.ts';

const page = withWords(identityWords, secondFactorWords);

export { useSession } from './session.store.ts';
export { useSessionEnd } from './use-session-end.ts';
/** Says that the session is about to end: downloaded then, which most never see. */
export const SessionEnding = defineAsyncComponent(page(() => import('./components/SessionEnding.vue')));
export { useReserved } from './use-reserved.ts';
export { useOwnSchools } from './use-own-schools.ts';
export { useSessionOver } from './use-session-over.ts';
const loadSessionOver = page(() => import('./components/SessionOver.vue'));
/** The log-in over a page whose session has ended. */
export const SessionOver = defineAsyncComponent({
  loader: loadSessionOver,
  // The page is covered already: it comes with the network, or the log-in page does.
  onError(_, retry) {
    if (navigator.onLine) return location.reload();
    window.addEventListener('online', retry, { once: true });
  },
});
export { guardSession, safeNext, watchSession } from './session-guard.ts';

export const loginRoute: RouteRecordRaw = {
  path: '/login',
  name: 'login',
  component: page(() => import('./pages/LoginPage.vue')),
  meta: { open: true },
};

export const invitationRoute: RouteRecordRaw = {
  path: '/invitation/:token',
  name: 'invitation',
  component: page(() => import('./pages/InvitationPage.vue')),
  props: true,
  meta: { open: true },
};

/** The ways back in, and what mails lead to, on every host where people log in. */
export const accountRoutes: RouteRecordRaw[] = [
  {
    path: '/forgotten-password',
    name: 'forgotten-password',
    component: page(() => import('./pages/ForgottenPage.vue')),
    meta: { open: true },
  },
  {
    path: '/reset-password',
    name: 'reset-password',
    component: page(() => import('./pages/ResetPage.vue')),
    meta: { open: true },
  },
  {
    path: '/confirm-email',
    name: 'confirm-email',
    component: page(() => import('./pages/ConfirmEmailPage.vue')),
    meta: { open: true },
  },
  { path: '/profile', name: 'profile', component: page(() => import('./pages/ProfilePage.vue')) },
];

/** Registering by oneself, at a school. */
export const registrationRoutes: RouteRecordRaw[] = [
  {
    path: '/register',
    name: 'register',
    component: page(() => import('./pages/RegisterPage.vue')),
    meta: { open: true },
  },
  {
    path: '/register/verify',
    name: 'register-verify',
    component: page(() => import('./pages/VerifyRegistrationPage.vue')),
    meta: { open: true },
  },
];
