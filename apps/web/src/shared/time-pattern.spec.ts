import { expect, test } from 'vitest';
import { shownAs } from './time-pattern.ts';

const MOMENT = new Date('2026-11-20T23:05:09Z');
const paris = { zone: 'Europe/Paris', locale: 'fr-FR' };

test.each([
  ['%d/%m/%Y', '21/11/2026'],
  ['%Y-%m-%d', '2026-11-21'],
  ['%e %B %y', '21 novembre 26'],
  ['%A %d %b', 'samedi 21 nov.'],
  ['%H:%M', '00:05'],
  ['%Hh%M', '00h05'],
  ['%I:%M:%S %p', '12:05:09 AM'],
  ['100 %%', '100 %'],
  ['%Q', '%Q'],
])('%s tells a moment of the school as %s', (pattern, expected) => {
  expect(shownAs(pattern, MOMENT, paris)).toBe(expected);
});

test('the day is that of the zone, the names those of the language', () => {
  expect(shownAs('%A %d', MOMENT, { zone: 'America/Cayenne', locale: 'en-GB' })).toBe('Friday 20');
  expect(shownAs('%I %p', new Date('2026-07-01T12:00:00Z'), { zone: 'UTC', locale: 'en-GB' })).toBe('12 PM');
});
