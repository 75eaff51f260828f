import type { RouteRecordRaw } from 'vue-router';
import { withWords } from '../../shared/i18n.ts';
import { mailsWords } from './words.ts';

const page = withWords(mailsWords);

export const mailRoutes: RouteRecordRaw[] = [
  {
    path: '/mails',
    name: 'mails',
    meta: { permission: 'mails:read' },
    component: page(() => import('./pages/MailsPage.vue')),
  },
  {
    path: '/mails/:id',
    name: 'mail',
    meta: { permission: 'mails:read' },
    component: page(() => import('./pages/MailPage.vue')),
    props: true,
  },
];
