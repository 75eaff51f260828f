import { defineMail } from '../mail/index.ts';

export const SECOND_FACTOR_CHANGED = 'second_factor.changed';

export type SecondFactorChange =
  | 'totp_on'
  | 'totp_off'
  | 'codes_renewed'
  | 'code_used'
  | 'passkey_added'
  | 'passkey_removed'
  | 'reset';

const FR: Record<SecondFactorChange, string> = {
  totp_on: 'Une application d’authentification protège désormais votre compte.',
  totp_off: 'L’application d’authentification ne protège plus votre compte.',
  codes_renewed: 'De nouveaux codes de secours ont été créés ; les anciens ne servent plus.',
  code_used: 'Un code de secours vient d’être utilisé pour votre compte ; il ne servira plus.',
  passkey_added: 'Une clé d’accès a été ajoutée à votre compte.',
  passkey_removed: 'Une clé d’accès a été retirée de votre compte.',
  reset:
    'L’équipe de la plateforme a retiré votre second facteur, vos clés d’accès et vos codes de secours. Vos sessions ont pris fin.',
};
const EN: Record<SecondFactorChange, string> = {
  totp_on: 'An authenticator application now protects your account.',
  totp_off: 'The authenticator application does not protect your account any more.',
  codes_renewed: 'New recovery codes were made; the old ones work no more.',
  code_used: 'A recovery code was just used for your account; it will not work again.',
  passkey_added: 'A passkey was added to your account.',
  passkey_removed: 'A passkey was removed from your account.',
  reset:
    'The staff of the platform removed your second factor, your passkeys and your recovery codes. Your sessions have ended.',
};

/** Told to the person whenever it changes: whoever did it in their place is noticed. */
const secondFactorChanged = defineMail<{ what: SecondFactorChange }>({
  kind: SECOND_FACTOR_CHANGED,
  validHours: 72,
  texts: {
    fr: ({ what }) => ({
      subject: 'La protection de votre compte a changé',
      paragraphs: [FR[what]],
      notes: ['Si ce n’était pas vous, changez votre mot de passe et prévenez votre établissement.'],
    }),
    en: ({ what }) => ({
      subject: 'The protection of your account has changed',
      paragraphs: [EN[what]],
      notes: ['If this was not you, change your password and tell your school.'],
    }),
  },
});

export const secondFactorMails = [secondFactorChanged];
