import { homeCard, type ModuleDescriptor } from '../define-module.ts';
import { withWords } from '../../shared/i18n.ts';
import { announcementsWords } from './words.ts';

const page = withWords(announcementsWords);

export const announcementsModule: ModuleDescriptor = {
  key: 'announcements',
  nav: [{ to: '/announcements', label: 'announcements.nav', permission: 'announcements:read' }],
  routes: [
    {
      path: '/announcements',
      name: 'announcements',
      meta: { permission: 'announcements:read' },
      component: page(() => import('./pages/ListPage.vue')),
    },
    {
      path: '/announcements/new',
      name: 'announcement-new',
      meta: { permission: 'announcements:write' },
      component: page(() => import('./pages/EditPage.vue')),
    },
    {
      path: '/announcements/:id',
      name: 'announcement',
      meta: { permission: 'announcements:read' },
      component: page(() => import('./pages/ReadPage.vue')),
      props: true,
    },
    {
      path: '/announcements/:id/edit',
      name: 'announcement-edit',
      meta: { permission: 'announcements:write' },
      component: page(() => import('./pages/EditPage.vue')),
      props: true,
    },
  ],
  home: [
    {
      key: 'announcements',
      title: 'announcements.nav',
      to: '/announcements',
      rows: 3,
      wide: true,
      sees: ({ may }) => may('announcements:read'),
      load: homeCard('HomeAnnouncements'),
    },
  ],
};
