import { homeCard, type ModuleDescriptor } from '../define-module.ts';

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
      load: homeCard('HomeAttention'),
    },
    {
      key: 'limits',
      title: 'limits.nav',
      rows: 2,
      rank: 0,
      sees: ({ may }) => may('school:settings'),
      load: homeCard('HomeLimits'),
    },
  ],
};
