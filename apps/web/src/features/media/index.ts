import type { ModuleDescriptor } from '../define-module.ts';
import { withWords } from '../../shared/i18n.ts';
import { mediaWords } from './words.ts';

const page = withWords(mediaWords);

export const mediaModule: ModuleDescriptor = {
  key: 'media',
  nav: [{ to: '/media', label: 'media.nav', permission: 'media:browse' }],
  routes: [
    {
      path: '/media',
      name: 'media',
      meta: { permission: 'media:browse' },
      component: page(() => import('./pages/LibraryPage.vue')),
    },
  ],
};
