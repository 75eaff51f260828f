import type { SchoolRole } from '@preau/contracts/vocabulary';
import { defineMail, type MailDefinition } from '../mail/index.ts';

export const ADMITTED = 'members.admitted';
export const REFUSED = 'members.refused';

export const ROLE_WORDS: Record<'fr' | 'en', Record<SchoolRole, string>> = {
  fr: {
    admin: 'administrateur ou administratrice',
    teacher: 'enseignant ou enseignante',
    student: 'élève',
    parent: 'parent',
    staff: 'membre du personnel',
  },
  en: {
    admin: 'administrator',
    teacher: 'teacher',
    student: 'student',
    parent: 'parent',
    staff: 'member of staff',
  },
};

const admitted = defineMail<{ role: SchoolRole }>({
  kind: ADMITTED,
  validHours: 72,
  texts: {
    fr: ({ role }, site) => ({
      subject: `Votre inscription est acceptée : ${site.name}`,
      paragraphs: [
        `${site.name} a accepté votre inscription. Vous y êtes inscrit en tant que : ${ROLE_WORDS.fr[role]}.`,
      ],
      action: { label: 'Se connecter', url: `${site.url}/login` },
    }),
    en: ({ role }, site) => ({
      subject: `Your registration is approved: ${site.name}`,
      paragraphs: [`${site.name} has approved your registration. You are there as: ${ROLE_WORDS.en[role]}.`],
      action: { label: 'Log in', url: `${site.url}/login` },
    }),
  },
});

const refused = defineMail<{ reason: string | null }>({
  kind: REFUSED,
  validHours: 72,
  texts: {
    fr: ({ reason }, site) => ({
      subject: `Votre inscription : ${site.name}`,
      paragraphs: [
        `${site.name} n’a pas accepté votre inscription.`,
        ...(reason ? ['Raison donnée :', reason] : []),
      ],
      notes: ['Si vous pensez à une erreur, adressez-vous à l’établissement.'],
    }),
    en: ({ reason }, site) => ({
      subject: `Your registration: ${site.name}`,
      paragraphs: [
        `${site.name} has not approved your registration.`,
        ...(reason ? ['Reason given:', reason] : []),
      ],
      notes: ['If you think this is a mistake, ask the school.'],
    }),
  },
});

export const memberMails: readonly MailDefinition[] = [admitted, refused];
