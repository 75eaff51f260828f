import { homeCard, type ModuleDescriptor } from '../define-module.ts';
import { withWords } from '../../shared/i18n.ts';
import { messagingWords } from './words.ts';

const page = withWords(messagingWords);

export const messagingModule: ModuleDescriptor = {
  key: 'messaging',
  nav: [{ to: '/messages', label: 'messaging.nav', permission: 'messaging:use' }],
  routes: [
    {
      path: '/messages/new',
      name: 'message-new',
      meta: { permission: 'messaging:use' },
      component: page(() => import('./pages/WritePage.vue')),
    },
    {
      path: '/messages/reports',
      name: 'message-reports',
      meta: { permission: 'messaging:moderate' },
      component: page(() => import('./pages/ReportsPage.vue')),
    },
    {
      path: '/messages/settings',
      name: 'messaging-settings',
      meta: { permission: 'messaging:moderate' },
      component: page(() => import('./pages/SettingsPage.vue')),
    },
    {
      path: '/messages/:id?',
      name: 'messages',
      meta: { permission: 'messaging:use' },
      component: page(() => import('./pages/MessagesPage.vue')),
      props: true,
    },
  ],
  home: [
    {
      key: 'messages',
      title: 'messaging.nav',
      to: '/messages',
      rows: 3,
      sees: ({ may }) => may('messaging:use'),
      load: homeCard('HomeMessages'),
    },
  ],
};
