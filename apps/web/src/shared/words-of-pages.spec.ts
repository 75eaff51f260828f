import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const FEATURES = path.join(import.meta.dirname, '../features');
const names = readdirSync(FEATURES).filter((name) =>
  existsSync(path.join(FEATURES, name, 'locales/fr.json')),
);

/** First part of a key, and the feature whose words it is among; the shells and shared code have theirs from the start. */
const ownerOf = new Map<string, string>();
for (const name of names) {
  const words = JSON.parse(readFileSync(path.join(FEATURES, name, 'locales/fr.json'), 'utf8')) as object;
  for (const part of Object.keys(words)) ownerOf.set(part, name);
}
const wordsName = (feature: string): string =>
  `${feature.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}Words`;

const sourceOf = (file: string): string => readFileSync(file, 'utf8');

/** The files that a component brings, as far as they belong to it: not the pages that another feature loads for itself. */
function reached(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, from] of sourceOf(file).matchAll(/(?:from|import\()\s*'(\.[^']+\.(?:vue|ts))'/g)) {
    const next = path.resolve(path.dirname(file), from!);
    if (existsSync(next) && path.basename(next) !== 'index.ts') reached(next, seen);
  }
  return seen;
}

/** Features whose words a component says. */
function saidBy(file: string): Set<string> {
  const said = new Set<string>();
  for (const one of reached(file)) {
    for (const [, part] of sourceOf(one).matchAll(/\bt\(\s*['`](\w+)\.(?!nav')/g)) {
      const owner = ownerOf.get(part!);
      if (owner) said.add(owner);
    }
  }
  return said;
}

test.each(names)('what %s loads brings along the words that it says', (name) => {
  const index = path.join(FEATURES, name, 'index.ts');
  const source = sourceOf(index);
  const brought = new Map(
    [...source.matchAll(/const (\w+) = withWords\(([^)]*)\)/g)].map(([, maker, words]) => [maker!, words!]),
  );
  const missing: string[] = [];
  for (const [, maker, file] of source.matchAll(/(\w*)\(?\(\)\s*=>\s*import\(\s*'(\.[^']+\.vue)'/g)) {
    const words = brought.get(maker!) ?? '';
    for (const owner of saidBy(path.resolve(path.dirname(index), file!)))
      if (!words.includes(wordsName(owner))) missing.push(`${file}: ${wordsName(owner)}`);
  }
  for (const [, file] of source.matchAll(/export \{ default as \w+ \} from '(\.[^']+\.vue)'/g)) {
    // Loaded with whoever shows it: that page has to bring its words, which this test cannot see.
    if (saidBy(path.resolve(path.dirname(index), file!)).size > 0)
      expect(SHOWN_BY_OTHERS, file).toContain(`${name}/${file!.slice(2)}`);
  }
  expect(missing).toEqual([]);
});

/** In the page that shows it from the start, whose loader brings its words. */
const SHOWN_BY_OTHERS = ['second-factor/components/OtherWaysIn.vue'];
