import { defineAsyncComponent } from 'vue';
import type { ModuleDescriptor } from '../define-module.ts';
import { withWords } from '../../shared/i18n.ts';
import { groupsWords } from './words.ts';

const page = withWords(groupsWords);

/** For whom something is: roles, and groups of the school. */
export const AudienceFields = defineAsyncComponent(page(() => import('./components/AudienceFields.vue')));

export const groupsPages: ModuleDescriptor = {
  key: 'authentication',
  nav: [{ to: '/groups', label: 'groups.nav', permission: 'groups:manage', isAdministration: true }],
  routes: [
    {
      path: '/groups/:tab(across)?',
      name: 'groups',
      meta: { permission: 'groups:members' },
      component: page(() => import('./pages/GroupsPage.vue')),
      props: true,
    },
    {
      path: '/groups/:id',
      name: 'group',
      meta: { permission: 'groups:read' },
      component: page(() => import('./pages/GroupPage.vue')),
      props: true,
    },
  ],
};
