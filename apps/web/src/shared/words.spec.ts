import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { KEY_SCOPES, SCHOOL_KEY_SCOPES } from '@preau/contracts/permissions';
import { DOMAIN_STATUSES, ROLES, SCHOOL_TYPES, TENANT_STATUSES } from '@preau/contracts/vocabulary';
import { expect, test } from 'vitest';

const SRC = path.join(import.meta.dirname, '..');
type Words = string | { [key: string]: Words };

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' });
const folders = files.filter((file) => file.endsWith(path.join('locales', 'fr.json'))).map(path.dirname);

function flat(words: Words, prefix = ''): [string, string][] {
  if (typeof words === 'string') return [[prefix, words]];
  return Object.entries(words).flatMap(([key, value]) => flat(value, prefix ? `${prefix}.${key}` : key));
}
function wordsOf(folder: string, language: string): [string, string][] {
  return flat(JSON.parse(readFileSync(path.join(SRC, folder, `${language}.json`), 'utf8')) as Words);
}
const placeholders = (sentence: string) => [...new Set(sentence.match(/\{\w+\}/g))].toSorted();
const french = folders.flatMap((folder) => wordsOf(folder, 'fr'));

test.each(folders)('%s says the same things in both languages', (folder) => {
  const fr = new Map(wordsOf(folder, 'fr'));
  const en = new Map(wordsOf(folder, 'en'));
  expect([...en.keys()].toSorted()).toEqual([...fr.keys()].toSorted());
  for (const [key, sentence] of fr) {
    expect(placeholders(en.get(key)!), key).toEqual(placeholders(sentence));
    expect(en.get(key)!.split(' | ').length, key).toBe(sentence.split(' | ').length);
  }
});

test('no key is said twice', () => {
  const keys = french.map(([key]) => key);
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test('French follows its own typography', () => {
  for (const [key, sentence] of french) {
    expect(sentence, key).not.toMatch(/ [:;!?»%]|« |[^ {]'[^@]|\.\.\./);
    // A no-break space before them, except in an address and a time.
    expect(sentence.replace(/https?:\/\//g, ''), key).not.toMatch(/[^\s\u00a0][;!?»]/);
  }
});

test('the trail has one name', () => {
  const others = folders
    .flatMap((folder) => wordsOf(folder, 'en'))
    .filter(([, sentence]) => /\baudit\b(?! trail)/i.test(sentence));
  expect(others).toEqual([]);
});

test('every key that a screen asks for exists', () => {
  const known = new Set(french.map(([key]) => key));
  const beginnings = (start: string) => [...known].some((key) => key.startsWith(start));
  const missing: string[] = [];
  for (const file of files.filter((name) => /\.(vue|ts)$/.test(name) && !name.endsWith('.spec.ts'))) {
    const source = readFileSync(path.join(SRC, file), 'utf8');
    for (const [, key] of source.matchAll(/\bt\(\s*'([\w.]+)'/g))
      if (!known.has(key!)) missing.push(`${file}: ${key}`);
    for (const [, start] of source.matchAll(/\bt\(\s*`([\w.]+)\$\{/g)) {
      if (!beginnings(start!)) missing.push(`${file}: ${start}…`);
    }
  }
  expect(missing).toEqual([]);
});

test('every word of the closed lists has its name on a screen', () => {
  const known = new Set(french.map(([key]) => key));
  const wanted = [
    ...SCHOOL_TYPES.map((type) => `school_type.${type}`),
    ...ROLES.map((role) => `role.${role}`),
    ...ROLES.map((role) => `roles.${role}`),
    ...TENANT_STATUSES.map((status) => `status.${status}`),
    ...DOMAIN_STATUSES.map((status) => `domains.status.${status}`),
    ...[...KEY_SCOPES, ...SCHOOL_KEY_SCOPES].map((scope) => `keys.scope.${scope.replace(':', '_')}`),
  ];
  expect(wanted.filter((key) => !known.has(key))).toEqual([]);
});
