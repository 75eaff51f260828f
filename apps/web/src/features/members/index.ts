import type { ModuleDescriptor } from '../define-module.ts';

export { default as SchoolMembersTab } from './components/SchoolMembersTab.vue';

export const membersModule: ModuleDescriptor = {
  key: 'authentication',
  nav: [{ to: '/members', label: 'members.nav', permission: 'members:read' }],
  routes: [
    {
      path: '/members/:tab(waiting|invitations)?',
      name: 'members',
      component: () => import('./pages/MembersPage.vue'),
      props: true,
    },
  ],
};
