import type { RouteRecordRaw } from 'vue-router';

export const mailRoutes: RouteRecordRaw[] = [
  { path: '/mails', name: 'mails', component: () => import('./pages/MailsPage.vue') },
  { path: '/mails/:id', name: 'mail', component: () => import('./pages/MailPage.vue'), props: true },
];
