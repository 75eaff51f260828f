import { defineMail, type MailDefinition } from '../mail/index.ts';

export const ASKED = 'support.asked';

const asked = defineMail<{ by: string; reason: string }>({
  kind: ASKED,
  validHours: 72,
  texts: {
    fr: ({ by, reason }, site) => ({
      subject: `Demande d’accès au support : ${site.name}`,
      paragraphs: [
        `${by}, de l’équipe de la plateforme, demande à entrer dans l’espace de ${site.name}.`,
        `Motif : ${reason}`,
        'Personne n’entre sans votre accord. Vous choisissez la durée, et vous pouvez y mettre fin à tout moment.',
      ],
      action: { label: 'Répondre à la demande', url: `${site.url}/support` },
    }),
    en: ({ by, reason }, site) => ({
      subject: `Support asks to come in: ${site.name}`,
      paragraphs: [
        `${by}, of the platform’s team, asks to come into the space of ${site.name}.`,
        `Reason: ${reason}`,
        'Nobody comes in without your consent. You choose for how long, and you can end it at any time.',
      ],
      action: { label: 'Answer the request', url: `${site.url}/support` },
    }),
  },
});

export const supportMails: readonly MailDefinition[] = [asked];
