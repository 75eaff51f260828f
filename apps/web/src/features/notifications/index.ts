import type { RouteRecordRaw } from 'vue-router';
import { withWords } from '../../shared/i18n.ts';
import { notificationsWords } from './words.ts';

const page = withWords(notificationsWords);

/** In the header of every page: it is there from the start, and its words with the shell's. */
export { default as NotificationBell } from './components/NotificationBell.vue';

export const notificationRoutes: RouteRecordRaw[] = [
  {
    path: '/notifications/:tab(unread|preferences)?',
    name: 'notifications',
    meta: { permission: 'notifications:own' },
    component: page(() => import('./pages/NotificationsPage.vue')),
    props: true,
  },
];
