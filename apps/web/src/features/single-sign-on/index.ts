import type { ModuleDescriptor } from '../define-module.ts';

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
      component: () => import('./pages/SingleSignOnPage.vue'),
    },
  ],
};
