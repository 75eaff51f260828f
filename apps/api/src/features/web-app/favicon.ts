import type { Theme } from '@preau/contracts/current-tenant';

const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
const LITTLE_WORDS = new Set(['de', 'du', 'des', 'la', 'le', 'les', 'et', 'of', 'the', 'l', 'd']);

/** One or two letters that stand for a school: « Lycée Victor Hugo » gives LH… the first and the last word that count. */
export function initials(name: string): string {
  const words = (name.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !LITTLE_WORDS.has(word.toLowerCase()));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => word?.match(/^./u)?.[0] ?? '',
  );
  return letters.join('').toUpperCase() || '•';
}

/** An icon in the school's colours, for a school that has uploaded none. */
export function faviconSvg(theme: Theme): string {
  const { primary, on_primary: ink } = theme.palette.light;
  const text = initials(theme.school_name);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="${primary}"/>` +
    `<text x="32" y="33" fill="${ink}" font-family="system-ui,sans-serif" font-weight="700" font-size="${text.length > 1 ? 28 : 36}" ` +
    `text-anchor="middle" dominant-baseline="central">${escapeXml(text)}</text></svg>`
  );
}
