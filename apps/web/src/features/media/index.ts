import type { ModuleDescriptor } from '../define-module.ts';

export const mediaModule: ModuleDescriptor = {
  key: 'media',
  nav: [{ to: '/media', label: 'media.nav', permission: 'media:browse' }],
  routes: [{ path: '/media', name: 'media', component: () => import('./pages/LibraryPage.vue') }],
};
