import { expect, test } from 'vitest';
import { matches } from './matches.ts';

test('each word counts, in any order, with or without accents and capitals', () => {
  expect(matches('Créer un établissement', 'ETAB cree')).toBe(true);
  expect(matches('Créer un établissement', 'créer école')).toBe(false);
  expect(matches('Flotte', '  ')).toBe(true);
});
