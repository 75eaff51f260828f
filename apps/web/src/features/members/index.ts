import { defineAsyncComponent } from 'vue';
import type { ModuleDescriptor } from '../define-module.ts';
import { withWords } from '../../shared/i18n.ts';
import { membersWords } from './words.ts';

const page = withWords(membersWords);

/** A school's members, in its page of the console. */
export const SchoolMembersTab = defineAsyncComponent(page(() => import('./components/SchoolMembersTab.vue')));

export const membersModule: ModuleDescriptor = {
  key: 'authentication',
  nav: [{ to: '/members', label: 'members.nav', permission: 'members:read' }],
  routes: [
    {
      path: '/members/:tab(waiting|invitations)?',
      name: 'members',
      meta: { permission: 'members:read' },
      component: page(() => import('./pages/MembersPage.vue')),
      props: true,
    },
  ],
};
