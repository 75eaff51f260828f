import type { ModuleDescriptor } from '../define-module.ts';
import { withWords } from '../../shared/i18n.ts';
import { networkWords } from './words.ts';

const page = withWords(networkWords);

/** Networks of the school, and its place in the directory. */
export const networkPages: ModuleDescriptor = {
  key: 'schools',
  nav: [{ to: '/network', label: 'network.nav', permission: 'network:manage', isAdministration: true }],
  routes: [
    {
      path: '/network',
      name: 'network',
      meta: { permission: 'network:manage' },
      component: page(() => import('./pages/NetworkPage.vue')),
    },
  ],
};
