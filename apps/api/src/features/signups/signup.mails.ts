import { defineMail, type MailDefinition } from '../mail/index.ts';

export const PROVE_SIGNUP = 'signup.prove';
export const SIGNUP_WAITS = 'signup.waits';
export const SIGNUP_OPEN = 'signup.open';
export const SIGNUP_REFUSED = 'signup.refused';

export const PROOF_VALID_MINUTES = 30;

const prove = defineMail<{ id: string; token: string; code: string; school: string }>({
  kind: PROVE_SIGNUP,
  validHours: 1,
  texts: {
    fr: ({ id, token, code, school }, site) => ({
      subject: 'Votre demande d’établissement',
      paragraphs: [
        `Un espace a été demandé avec cette adresse pour : ${school}.`,
        'Code à recopier sur la page de la demande :',
      ],
      code,
      action: { label: 'Continuer ma demande', url: `${site.url}/tenant/new/#${id}.${token}` },
      notes: [
        `Valable ${PROOF_VALID_MINUTES} minutes. Une fois l’adresse confirmée, le lien rouvre votre demande.`,
        'Si vous n’avez rien demandé, ignorez ce message : rien n’est créé.',
      ],
    }),
    en: ({ id, token, code, school }, site) => ({
      subject: 'Your request for a school',
      paragraphs: [
        `Somebody asked with this address for a space for: ${school}.`,
        'Code to type on the page of the request:',
      ],
      code,
      action: { label: 'Go on with my request', url: `${site.url}/tenant/new/#${id}.${token}` },
      notes: [
        `Valid for ${PROOF_VALID_MINUTES} minutes. Once the address is confirmed, the link opens your request again.`,
        'If you did not ask for this, ignore this message: nothing is made.',
      ],
    }),
  },
});

const waits = defineMail<{ id: string; school: string }>({
  kind: SIGNUP_WAITS,
  validHours: 72,
  texts: {
    fr: ({ id, school }, site) => ({
      subject: `Un établissement demande un espace : ${school}`,
      paragraphs: [`${school} demande un espace. La demande attend votre décision.`],
      action: { label: 'Voir la demande', url: `${site.consoleUrl}/signups/${id}` },
    }),
    en: ({ id, school }, site) => ({
      subject: `A school asks for a space: ${school}`,
      paragraphs: [`${school} asks for a space. The request waits for your decision.`],
      action: { label: 'See the request', url: `${site.consoleUrl}/signups/${id}` },
    }),
  },
});

interface Opened {
  id: string;
  token: string;
  school: string;
  host: string;
}
const open = defineMail<Opened>({
  kind: SIGNUP_OPEN,
  validHours: 30 * 24,
  texts: {
    fr: ({ id, token, school, host }, site) => ({
      subject: `Votre espace est ouvert : ${school}`,
      paragraphs: [
        `L’espace de ${school} est ouvert à l’adresse ${site.urlOf(host)}.`,
        'Entrez-y pour choisir votre mot de passe : vous en êtes l’administrateur.',
      ],
      action: { label: 'Entrer dans mon établissement', url: `${site.url}/tenant/new/#${id}.${token}` },
      notes: ['Ce lien est personnel : il ouvre votre demande, et l’entrée de votre espace.'],
    }),
    en: ({ id, token, school, host }, site) => ({
      subject: `Your space is open: ${school}`,
      paragraphs: [
        `The space of ${school} is open at ${site.urlOf(host)}.`,
        'Come in to choose your password: you are its administrator.',
      ],
      action: { label: 'Enter my school', url: `${site.url}/tenant/new/#${id}.${token}` },
      notes: ['This link is yours alone: it opens your request, and the door of your space.'],
    }),
  },
});

const refused = defineMail<{ school: string; reason: string }>({
  kind: SIGNUP_REFUSED,
  validHours: 72,
  texts: {
    fr: ({ school, reason }, site) => ({
      subject: `Votre demande n’a pas été acceptée : ${school}`,
      paragraphs: [`L’équipe de la plateforme n’a pas accepté la demande pour ${school}.`, reason],
      action: { label: 'Faire une autre demande', url: `${site.url}/tenant/new/` },
    }),
    en: ({ school, reason }, site) => ({
      subject: `Your request was not accepted: ${school}`,
      paragraphs: [`The team of the platform did not accept the request for ${school}.`, reason],
      action: { label: 'Make another request', url: `${site.url}/tenant/new/` },
    }),
  },
});

export const signupMails: readonly MailDefinition[] = [prove, waits, open, refused];
