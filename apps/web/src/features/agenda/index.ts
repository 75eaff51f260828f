import { defineAsyncComponent } from 'vue';
import type { ModuleDescriptor } from '../define-module.ts';
import { withWords } from '../../shared/i18n.ts';
import { agendaWords } from './words.ts';

const page = withWords(agendaWords);

export const agendaModule: ModuleDescriptor = {
  key: 'agenda',
  nav: [{ to: '/agenda', label: 'agenda.nav', permission: 'events:read' }],
  routes: [
    { path: '/agenda', name: 'agenda', component: page(() => import('./pages/AgendaPage.vue')) },
    { path: '/agenda/new', name: 'event-new', component: page(() => import('./pages/EditPage.vue')) },
    {
      path: '/agenda/:id',
      name: 'event',
      component: page(() => import('./pages/EventPage.vue')),
      props: true,
    },
    {
      path: '/agenda/:id/edit',
      name: 'event-edit',
      component: page(() => import('./pages/EditPage.vue')),
      props: true,
    },
  ],
  home: defineAsyncComponent(page(() => import('./components/NextEvents.vue'))),
};
