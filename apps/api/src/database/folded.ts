/** SQL of a text without case and accents: what people type finds what somebody wrote. */
export const folded = (sql: string): string =>
  `regexp_replace(normalize(lower(${sql}), NFKD), '[\\u0300-\\u036f]', '', 'g')`;

/** The same in the program, for what is compared with it. */
export const foldedText = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '');

/** A pattern that finds a text anywhere. */
export const containing = (text: string): string => `%${foldedText(text).replace(/[\\%_]/g, '\\$&')}%`;
