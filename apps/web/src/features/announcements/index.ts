import { defineAsyncComponent } from 'vue';
import type { ModuleDescriptor } from '../define-module.ts';

export const announcementsModule: ModuleDescriptor = {
  key: 'announcements',
  nav: [{ to: '/announcements', label: 'announcements.nav', permission: 'announcements:read' }],
  routes: [
    { path: '/announcements', name: 'announcements', component: () => import('./pages/ListPage.vue') },
    { path: '/announcements/new', name: 'announcement-new', component: () => import('./pages/EditPage.vue') },
    {
      path: '/announcements/:id',
      name: 'announcement',
      component: () => import('./pages/ReadPage.vue'),
      props: true,
    },
    {
      path: '/announcements/:id/edit',
      name: 'announcement-edit',
      component: () => import('./pages/EditPage.vue'),
      props: true,
    },
  ],
  home: defineAsyncComponent(() => import('./components/LatestAnnouncements.vue')),
};
