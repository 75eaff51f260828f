import { randomInt } from 'node:crypto';

export const HOW_MANY = 10;
// No letter that is taken for a digit or another letter.
const LETTERS = '23456789abcdefghjkmnpqrstuvwxyz';
const LENGTH = 12;
const FORM = new RegExp(`^[${LETTERS}]{${LENGTH}}$`);

/** Ten codes of 59 bits, written in groups: `k7mf-2xqp-9dtr`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: HOW_MANY }, () =>
    Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)])
      .join('')
      .replace(/.{4}(?=.)/g, '$&-'),
  );
}

/** As it was made, however it was typed; null for what is none. */
export function plainRecoveryCode(text: string): string | null {
  const plain = text.toLowerCase().replace(/[\s-]/g, '');
  return FORM.test(plain) ? plain : null;
}
