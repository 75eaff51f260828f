import { defineNotification } from '../notifications/index.ts';

/** Who writes, never what: the list is read over one's shoulder, and mailed. */
export const messageReceived = defineNotification<{ id: string; from: string }>({
  kind: 'messaging.received',
  module: 'messaging',
  name: { fr: 'Un message arrive', en: 'A message arrives' },
  mail: true,
  texts: {
    fr: ({ from }) => ({ title: `${from} vous a écrit` }),
    en: ({ from }) => ({ title: `${from} wrote to you` }),
  },
  path: ({ id }) => `/messages/${id}`,
});
