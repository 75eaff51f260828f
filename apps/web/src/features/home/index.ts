import { withWords } from '../../shared/i18n.ts';
import type { ModuleDescriptor } from '../define-module.ts';
import { homeWords } from './words.ts';

const part = withWords(homeWords);

/** What the home page tells of the school itself to who looks after it. */
export const homeModule: ModuleDescriptor = {
  key: 'schools',
  nav: [],
  routes: [],
  home: [
    {
      key: 'attention',
      title: 'attention.nav',
      rows: 3,
      wide: true,
      rank: 0,
      sees: ({ may }) => may('school:settings'),
      load: part(() => import('./components/HomeAttention.vue')),
    },
    {
      key: 'limits',
      title: 'limits.nav',
      rows: 2,
      rank: 0,
      sees: ({ may }) => may('school:settings'),
      load: part(() => import('./components/HomeLimits.vue')),
    },
  ],
};
