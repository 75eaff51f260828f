const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu;

/**
 * Up to two initials of a name, upper case: of its first and last words, "LH" for Lycée Victor Hugo,
 * "CS" for Collège de l'Étang-Salé. A name without a letter or a digit gives its first character.
 */
export function initialsOf(name: string): string {
  const words = name.normalize('NFC').match(WORD) ?? [];
  const first = words[0];
  if (first === undefined) return Array.from(name.trim())[0] ?? '';
  const last = words.length > 1 ? words.at(-1)! : '';
  return [first, last]
    .map((word) => Array.from(word)[0] ?? '')
    .join('')
    .toUpperCase();
}
