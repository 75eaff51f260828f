import { expect, test } from 'vitest';
import { safeNext } from './session-guard.ts';

test.each([
  ['/schools?page=2', '/schools?page=2'],
  ['//elsewhere.example', '/'],
  ['/\\elsewhere.example', '/'],
  ['https://elsewhere.example', '/'],
  ['javascript:alert(1)', '/'],
  ['/login?next=/login', '/'],
  [undefined, '/'],
  [['/a', '/b'], '/'],
])('after a login, %j leads to %s', (next, expected) => {
  expect(safeNext(next)).toBe(expected);
});
