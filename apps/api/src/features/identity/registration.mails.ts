import { defineMail, type MailDefinition } from '../mail/index.ts';
import { findUserByEmail, membershipIn, type MembershipStatus } from './user.repository.ts';

export const VERIFY_REGISTRATION = 'identity.verify_registration';
export const REGISTRATION_VALID_HOURS = 24;

interface Asked {
  id: string;
  token: string;
  code: string;
}
interface Known extends Asked {
  account: boolean;
  membership: MembershipStatus | null;
}

const verifyRegistration = defineMail<Asked, Known>({
  kind: VERIFY_REGISTRATION,
  validHours: REGISTRATION_VALID_HOURS,
  async prepare(trx, { recipient, tenantId, data }) {
    const user = await findUserByEmail(trx, recipient);
    const membership = user && tenantId ? await membershipIn(trx, user.id, tenantId) : undefined;
    return { ...data, account: user !== undefined, membership: membership?.status ?? null };
  },
  texts: {
    fr: ({ id, token, code, account, membership }, site) =>
      membership === 'active'
        ? {
            subject: `Vous êtes déjà membre : ${site.name}`,
            paragraphs: ['Une inscription a été demandée avec cette adresse, qui a déjà un compte ici.'],
            action: { label: 'Se connecter', url: `${site.url}/login` },
            notes: ['Mot de passe oublié ? La page de connexion permet d’en choisir un nouveau.'],
          }
        : {
            subject: `Votre inscription : ${site.name}`,
            paragraphs: [
              account
                ? 'Cette adresse a déjà un compte Préau : confirmez, et l’établissement décidera de votre inscription.'
                : 'Confirmez cette adresse et choisissez un mot de passe ; l’établissement décidera de votre inscription.',
              'Code à recopier sur la page d’inscription :',
            ],
            code,
            action: { label: 'Confirmer mon inscription', url: `${site.url}/register/verify#${id}.${token}` },
            notes: [
              'Valable 24 heures.',
              'Si vous n’avez rien demandé, ignorez ce message : aucun compte n’est ouvert.',
            ],
          },
    en: ({ id, token, code, account, membership }, site) =>
      membership === 'active'
        ? {
            subject: `You are a member already: ${site.name}`,
            paragraphs: ['Somebody asked to register with this address, which has an account here.'],
            action: { label: 'Log in', url: `${site.url}/login` },
            notes: ['Forgotten your password? Choose a new one from the log-in page.'],
          }
        : {
            subject: `Your registration: ${site.name}`,
            paragraphs: [
              account
                ? 'This address has a Préau account already: confirm, and the school will decide on your registration.'
                : 'Confirm this address and choose a password; the school will decide on your registration.',
              'Code to type on the registration page:',
            ],
            code,
            action: { label: 'Confirm my registration', url: `${site.url}/register/verify#${id}.${token}` },
            notes: [
              'Valid for 24 hours.',
              'If you did not ask for this, ignore this message: no account is opened.',
            ],
          },
  },
});

export const registrationMails: readonly MailDefinition[] = [verifyRegistration];
