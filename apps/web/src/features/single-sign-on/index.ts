import type { ModuleDescriptor } from '../define-module.ts';
import { withWords } from '../../shared/i18n.ts';
import { singleSignOnWords } from './words.ts';

const page = withWords(singleSignOnWords);

export const singleSignOnPages: ModuleDescriptor = {
  key: 'authentication',
  nav: [
    {
      to: '/single-sign-on',
      label: 'sso_settings.nav',
      permission: 'school:sign_in',
      isAdministration: true,
    },
  ],
  routes: [
    {
      path: '/single-sign-on',
      name: 'single-sign-on',
      meta: { permission: 'school:sign_in' },
      component: page(() => import('./pages/SingleSignOnPage.vue')),
    },
  ],
};
