import { defineMail, type MailDefinition } from '../mail/index.ts';

export const NOTIFICATION_MAIL = 'notifications.unread';

export interface MailedLine {
  title: string;
  text: string | null;
}

const paragraph = ({ title, text }: MailedLine): string => (text ? `${title} — ${text}` : title);

export const notificationMails: readonly MailDefinition[] = [
  defineMail<{ lines: readonly MailedLine[]; more: number }>({
    kind: NOTIFICATION_MAIL,
    validHours: 48,
    texts: {
      fr: ({ lines, more }, site) => ({
        subject:
          lines.length + more > 1 ? `${lines.length + more} nouveautés : ${site.name}` : `${lines[0]?.title}`,
        paragraphs: [...lines.map(paragraph), ...(more > 0 ? [`Et ${more} autres plus anciennes.`] : [])],
        action: { label: 'Voir les notifications', url: `${site.url}/notifications` },
        notes: ['Pour choisir ce qui vous est envoyé : les préférences de la page des notifications.'],
      }),
      en: ({ lines, more }, site) => ({
        subject: lines.length + more > 1 ? `${lines.length + more} news: ${site.name}` : `${lines[0]?.title}`,
        paragraphs: [...lines.map(paragraph), ...(more > 0 ? [`And ${more} older ones.`] : [])],
        action: { label: 'See the notifications', url: `${site.url}/notifications` },
        notes: ['To choose what is sent to you: the preferences of the notifications page.'],
      }),
    },
  }),
];
