import { expect, test } from 'vitest';
import { differencesOf } from './differences.ts';

test('only what differs is told, each value by its path', () => {
  const before = { name: 'A', settings: { language: 'fr', timezone: 'Europe/Paris' }, modules: ['a'] };
  const after = { name: 'A', settings: { language: 'en', timezone: 'Europe/Paris' }, modules: ['a', 'b'] };
  expect(differencesOf(before, after)).toEqual([
    { key: 'modules', before: '["a"]', after: '["a","b"]' },
    { key: 'settings.language', before: 'fr', after: 'en' },
  ]);
});

test('what was not, and what is no more', () => {
  expect(differencesOf(null, { email: 'a@b.fr', seats: 0 })).toEqual([
    { key: 'email', before: undefined, after: 'a@b.fr' },
    { key: 'seats', before: undefined, after: '0' },
  ]);
  expect(differencesOf({ email: null }, undefined)).toEqual([
    { key: 'email', before: 'null', after: undefined },
  ]);
  expect(differencesOf(null, null)).toEqual([]);
});
