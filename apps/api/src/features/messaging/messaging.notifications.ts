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

export const messageReported = defineNotification<{ from: string }>({
  kind: 'messaging.reported',
  module: 'messaging',
  name: { fr: 'Un message m’est signalé', en: 'A message is reported to me' },
  mail: true,
  texts: {
    fr: ({ from }) => ({ title: 'Un message est signalé', text: `Signalé par ${from}` }),
    en: ({ from }) => ({ title: 'A message is reported', text: `Reported by ${from}` }),
  },
  path: () => '/messages/reports',
});

/** What was decided, not what it was about. */
export const reportResolved = defineNotification<{ id: string; removed: boolean }>({
  kind: 'messaging.report_resolved',
  module: 'messaging',
  name: { fr: 'Mon signalement est traité', en: 'My report is dealt with' },
  texts: {
    fr: ({ removed }) => ({
      title: 'Votre signalement a été traité',
      text: removed ? 'Le message est retiré.' : 'Le message reste dans la conversation.',
    }),
    en: ({ removed }) => ({
      title: 'Your report has been dealt with',
      text: removed ? 'The message is removed.' : 'The message stays in the conversation.',
    }),
  },
  path: ({ id }) => `/messages/${id}`,
});

export const messagingNotifications = [messageReceived, messageReported, reportResolved];
