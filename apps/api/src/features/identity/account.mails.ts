import { defineMail, type MailDefinition } from '../mail/index.ts';
import { schoolsOf } from './account.read-model.ts';
import { insertReset } from './account.repository.ts';
import { digest } from './secrets.ts';
import { findUserByEmail, membershipIn } from './user.repository.ts';

export const RESET_PASSWORD = 'identity.reset_password';
export const PASSWORD_CHANGED = 'identity.password_changed';
export const CONFIRM_EMAIL = 'identity.confirm_email';
export const EMAIL_CHANGED = 'identity.email_changed';
export const SCHOOLS = 'identity.schools';

const RESET_HOURS = 1;
const NOBODY_ASKED = {
  fr: 'Si vous n’avez rien demandé, ignorez ce message : rien ne change.',
  en: 'If you did not ask for this, ignore this message: nothing changes.',
};

const resetPassword = defineMail<{ token: string }, { token: string; console: boolean }>({
  kind: RESET_PASSWORD,
  validHours: RESET_HOURS,
  // To members of the school, or to super-admins on the console; nobody else has a password to choose there.
  async prepare(trx, { recipient, tenantId, data }) {
    const user = await findUserByEmail(trx, recipient);
    const belongs = tenantId ? user && (await membershipIn(trx, user.id, tenantId)) : user?.is_superadmin;
    if (!user || !belongs) return null;
    const expiresAt = new Date(Date.now() + RESET_HOURS * 3_600_000);
    await insertReset(trx, { tokenHash: digest(data.token), userId: user.id, tenantId, expiresAt });
    return { token: data.token, console: tenantId === null };
  },
  texts: {
    fr: ({ token, console }, site) => ({
      subject: 'Choisir un nouveau mot de passe',
      paragraphs: ['Vous avez demandé à choisir un nouveau mot de passe.'],
      action: {
        label: 'Choisir un mot de passe',
        url: `${console ? site.consoleUrl : site.url}/reset-password#${token}`,
      },
      notes: ['Ce lien est valable une heure et ne sert qu’une fois.', NOBODY_ASKED.fr],
    }),
    en: ({ token, console }, site) => ({
      subject: 'Choose a new password',
      paragraphs: ['You asked to choose a new password.'],
      action: {
        label: 'Choose a password',
        url: `${console ? site.consoleUrl : site.url}/reset-password#${token}`,
      },
      notes: ['This link is valid for one hour and works once.', NOBODY_ASKED.en],
    }),
  },
});

const passwordChanged = defineMail({
  kind: PASSWORD_CHANGED,
  validHours: 72,
  texts: {
    fr: () => ({
      subject: 'Votre mot de passe a changé',
      paragraphs: ['Le mot de passe de votre compte vient de changer. Vos autres sessions ont pris fin.'],
      notes: [
        'Si ce n’était pas vous, choisissez aussitôt un nouveau mot de passe par « Mot de passe oublié » et prévenez votre établissement.',
      ],
    }),
    en: () => ({
      subject: 'Your password has changed',
      paragraphs: ['The password of your account has just been changed. Your other sessions have ended.'],
      notes: [
        'If this was not you, choose a new password at once with “Forgotten password” and tell your school.',
      ],
    }),
  },
});

const confirmEmail = defineMail<{ token: string }>({
  kind: CONFIRM_EMAIL,
  validHours: 24,
  // The address of another account stays its own: nothing is sent, and the page said nothing.
  prepare: async (trx, { recipient, data }) => ((await findUserByEmail(trx, recipient)) ? null : data),
  texts: {
    fr: ({ token }, site) => ({
      subject: 'Confirmer votre nouvelle adresse',
      paragraphs: ['Vous avez demandé que cette adresse devienne celle de votre compte.'],
      action: { label: 'Confirmer cette adresse', url: `${site.url}/confirm-email#${token}` },
      notes: ['Ce lien est valable 24 heures et ne sert qu’une fois.', NOBODY_ASKED.fr],
    }),
    en: ({ token }, site) => ({
      subject: 'Confirm your new address',
      paragraphs: ['You asked for this address to become that of your account.'],
      action: { label: 'Confirm this address', url: `${site.url}/confirm-email#${token}` },
      notes: ['This link is valid for 24 hours and works once.', NOBODY_ASKED.en],
    }),
  },
});

const emailChanged = defineMail<{ email: string }>({
  kind: EMAIL_CHANGED,
  validHours: 72,
  texts: {
    fr: ({ email }) => ({
      subject: 'L’adresse de votre compte a changé',
      paragraphs: [`L’adresse de votre compte est maintenant ${email}. Vos autres sessions ont pris fin.`],
      notes: ['Si ce n’était pas vous, prévenez aussitôt votre établissement.'],
    }),
    en: ({ email }) => ({
      subject: 'The address of your account has changed',
      paragraphs: [`The address of your account is now ${email}. Your other sessions have ended.`],
      notes: ['If this was not you, tell your school at once.'],
    }),
  },
});

interface School {
  name: string;
  domain: string;
}
const schools = defineMail<object, { schools: School[] }>({
  kind: SCHOOLS,
  validHours: 24,
  async prepare(trx, { recipient }) {
    const user = await findUserByEmail(trx, recipient);
    const found = user ? await schoolsOf(trx, user.id) : [];
    return found.length > 0 ? { schools: found } : null;
  },
  texts: {
    fr: ({ schools: found }, site) => ({
      subject: 'Vos établissements',
      paragraphs: ['Voici les établissements où cette adresse a un compte.'],
      links: found.map(({ name, domain }) => ({ label: name, url: `${site.urlOf(domain)}/login` })),
      notes: [NOBODY_ASKED.fr],
    }),
    en: ({ schools: found }, site) => ({
      subject: 'Your schools',
      paragraphs: ['These are the schools where this address has an account.'],
      links: found.map(({ name, domain }) => ({ label: name, url: `${site.urlOf(domain)}/login` })),
      notes: [NOBODY_ASKED.en],
    }),
  },
});

export const accountMails: readonly MailDefinition[] = [
  resetPassword,
  passwordChanged,
  confirmEmail,
  emailChanged,
  schools,
];
