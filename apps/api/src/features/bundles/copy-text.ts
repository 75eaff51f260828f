/** Values as COPY writes them: separated by tabs, with a backslash before what would be mistaken. Null is `\N`. */

const WRITTEN: Record<string, string> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
};
const READ: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v' };

export const copyValue = (value: string | null): string =>
  value === null ? '\\N' : value.replace(/[\\\n\r\t\b\f\v]/g, (character) => WRITTEN[character] ?? character);

export const parseCopyValue = (text: string): string | null =>
  text === '\\N' ? null : text.replace(/\\(.)/gs, (_, character: string) => READ[character] ?? character);
