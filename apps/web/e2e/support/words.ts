import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Language } from '@preau/contracts/vocabulary';

const SRC = path.resolve(import.meta.dirname, '../../src');
type Words = string | { [key: string]: Words };

/** The words of the screens in a language, by key: one story is told in both. Of `one | many` the form for `values.n`, else the first. */
export function wordsIn(
  language: Language,
): (key: string, values?: Record<string, string | number>) => string {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith(path.join('locales', `${language}.json`)),
  );
  const all: { [key: string]: Words } = {};
  for (const file of files)
    for (const [name, words] of Object.entries(
      JSON.parse(readFileSync(path.join(SRC, file), 'utf8')) as { [key: string]: Words },
    ))
      all[name] = { ...(all[name] as object), ...(words as object) };
  return (key, values = {}) => {
    let found: Words | undefined = all;
    for (const part of key.split('.')) found = typeof found === 'object' ? found[part] : undefined;
    if (typeof found !== 'string') throw new Error(`No words ${key} in ${language}`);
    const forms = found.split(' | ');
    const many = Number(values['n'] ?? 0) >= 2;
    return (many ? forms.at(-1) : forms[0])!.replace(/\{(\w+)\}/g, (_, name: string) =>
      String(values[name] ?? ''),
    );
  };
}
