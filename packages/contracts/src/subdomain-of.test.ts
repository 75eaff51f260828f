import { expect, test } from 'vitest';
import { subdomainOf } from './subdomain-of.ts';

test.each([
  ['Lycée Victor Hugo', 'lycee-victor-hugo'],
  ['Collège de l’Étang-Salé', 'college-de-l-etang-sale'],
  ['  École « Sœur Œuvre » n° 3 🎒', 'ecole-soeur-oeuvre-n-3'],
  ['3ème X', '3eme-x'],
  ['🎒', ''],
])('%s gives %s', (name, expected) => {
  expect(subdomainOf(name)).toBe(expected);
});

test('a long name is cut to a DNS label that ends with a letter or a digit', () => {
  const label = subdomainOf(`${'a'.repeat(62)} établissement`);
  expect(label).toBe('a'.repeat(62));
});
