import { defineNotification } from '../notifications/index.ts';

interface About {
  id: string;
  title: string;
  author: string;
}
const path = ({ id }: About) => `/announcements/${id}`;

export const PUBLISHED = defineNotification<About>({
  kind: 'announcements.published',
  module: 'announcements',
  name: { fr: 'Une annonce est publiée', en: 'An announcement is published' },
  texts: {
    fr: ({ title, author }) => ({ title, text: `Annonce de ${author}` }),
    en: ({ title, author }) => ({ title, text: `Announcement by ${author}` }),
  },
  path,
});

export const WAITS = defineNotification<About>({
  kind: 'announcements.waits',
  module: 'announcements',
  name: { fr: 'Une annonce attend mon accord', en: 'An announcement waits for my approval' },
  mail: true,
  texts: {
    fr: ({ title, author }) => ({ title: `À approuver : ${title}`, text: `Proposée par ${author}` }),
    en: ({ title, author }) => ({ title: `To be approved: ${title}`, text: `Written by ${author}` }),
  },
  path,
});

export const APPROVED = defineNotification<About>({
  kind: 'announcements.approved',
  module: 'announcements',
  name: { fr: 'Mon annonce est acceptée', en: 'My announcement is approved' },
  texts: {
    fr: ({ title }) => ({ title: `Acceptée : ${title}` }),
    en: ({ title }) => ({ title: `Approved: ${title}` }),
  },
  path,
});

export const RETURNED = defineNotification<About & { note: string }>({
  kind: 'announcements.returned',
  module: 'announcements',
  name: { fr: 'Mon annonce m’est renvoyée', en: 'My announcement is sent back to me' },
  mail: true,
  texts: {
    fr: ({ title, note }) => ({ title: `Renvoyée : ${title}`, text: note }),
    en: ({ title, note }) => ({ title: `Sent back: ${title}`, text: note }),
  },
  path,
});

export const announcementNotifications = [PUBLISHED, WAITS, APPROVED, RETURNED];
