import { domainToUnicode } from 'node:url';
import { remove as toSkeleton } from 'confusables';
import type { FieldErrorCode } from '@preau/contracts/error-codes';
import { RESERVED_SUBDOMAINS } from '@preau/contracts/vocabulary';
import { isSubdomain } from '../../platform/formats.ts';

const RESERVED = new Set<string>(RESERVED_SUBDOMAINS);

// The library reads a dotless i as an l: browsers show it as the i that it is in Turkish.
const DOTLESS: Record<string, string> = { ı: 'i', ȷ: 'j' };

/** What a reader takes a label for: accents, marks, look-alike letters of other scripts and hyphens gone. */
function skeleton(label: string): string {
  const unicode = label.startsWith('xn--') ? domainToUnicode(label) : label;
  const letters = unicode.replace(/[ıȷ]/g, (letter) => DOTLESS[letter] ?? letter);
  return toSkeleton(letters.normalize('NFKD').replace(/\p{M}/gu, ''))
    .normalize('NFKD')
    .replace(/[\p{M}-]/gu, '')
    .toLowerCase();
}

/** The same with the digits that pass for letters. A 1 passes for an i and for an l, so that these become one. */
const withoutDigits = (text: string): string => text.replace(/0/g, 'o').replace(/[1i]/g, 'l');

/** Whether one skeleton passes for another. A label without digits stands for itself: « mall » is no « mail ». */
const passesFor = (label: string, name: string): boolean =>
  label === name || (/[01]/.test(label) && withoutDigits(label) === withoutDigits(name));

/** Why a label may not be a school's subdomain; null when it may. Expects any case, answers for the folded label. */
export function subdomainProblem(
  text: string,
): { code: FieldErrorCode; values: Record<string, string> } | null {
  const value = text.toLowerCase();
  if (!isSubdomain(value)) return { code: 'subdomain_format', values: { value } };
  if (RESERVED.has(value)) return { code: 'subdomain_reserved', values: { value } };
  // Punycode that does not decode is shown by browsers as it is, and is no word in any language.
  if (value.startsWith('xn--') && (domainToUnicode(value) === '' || domainToUnicode(value) === value)) {
    return { code: 'subdomain_format', values: { value } };
  }
  const looksLike = skeleton(value);
  const reserved = RESERVED_SUBDOMAINS.find((name) => passesFor(looksLike, skeleton(name)));
  return reserved ? { code: 'subdomain_lookalike', values: { value, reserved } } : null;
}
