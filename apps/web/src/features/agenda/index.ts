import { homeCard, type ModuleDescriptor } from '../define-module.ts';
import { withWords } from '../../shared/i18n.ts';
import { agendaWords } from './words.ts';

const page = withWords(agendaWords);

export const agendaModule: ModuleDescriptor = {
  key: 'agenda',
  nav: [{ to: '/agenda', label: 'agenda.nav', permission: 'events:read' }],
  routes: [
    {
      path: '/agenda',
      name: 'agenda',
      meta: { permission: 'events:read' },
      component: page(() => import('./pages/AgendaPage.vue')),
    },
    {
      path: '/agenda/new',
      name: 'event-new',
      meta: { permission: 'events:write' },
      component: page(() => import('./pages/EditPage.vue')),
    },
    {
      path: '/agenda/:id',
      name: 'event',
      meta: { permission: 'events:read' },
      component: page(() => import('./pages/EventPage.vue')),
      props: true,
    },
    {
      path: '/agenda/:id/edit',
      name: 'event-edit',
      meta: { permission: 'events:write' },
      component: page(() => import('./pages/EditPage.vue')),
      props: true,
    },
  ],
  home: [
    {
      key: 'agenda',
      title: 'agenda.nav',
      to: '/agenda',
      rows: 4,
      wide: true,
      sees: ({ may }) => may('events:read'),
      load: homeCard('HomeEvents'),
    },
  ],
};
