import { expect, test } from 'vitest';
import { shorten } from './shorten.ts';

test('a name that fits is left alone', () => {
  expect(shorten('Lycée Victor Hugo')).toBe('Lycée Victor Hugo');
});

test('a long name is cut between characters, never inside an emoji', () => {
  expect(shorten('École 👩‍🏫👩‍🏫👩‍🏫', 8)).toBe('École 👩‍🏫…');
});
