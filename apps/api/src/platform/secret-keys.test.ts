import { expect, it } from 'vitest';
import { createSecretKeys, UnknownKeyError } from './secret-keys.ts';

const OLD = 'an old secret of more than thirty-two characters';
const NEW = 'a new secret of more than thirty-two characters!';
const keysOf = (...secrets: string[]) => createSecretKeys(() => secrets);

it('opens what it sealed, under the purpose and for the thing it was sealed for, and nowhere else', () => {
  const keys = keysOf(NEW);
  const sealed = keys.seal('totp', 'person 1', 'JBSWY3DPEHPK3PXP');
  expect(sealed).not.toContain('JBSWY3DPEHPK3PXP');
  expect(keys.open('totp', 'person 1', sealed)).toBe('JBSWY3DPEHPK3PXP');
  expect(() => keys.open('totp', 'person 2', sealed)).toThrow(/authenticate/);
  expect(() => keys.open('oidc', 'person 1', sealed)).toThrow(/authenticate/);
  expect(() => keys.open('totp', 'person 1', `${sealed.slice(0, -2)}AA`)).toThrow(/authenticate/);
  expect(() => keys.open('totp', 'person 1', sealed.slice(0, -8))).toThrow(/authenticate/);
  expect(() => keys.open('totp', 'person 1', 'nonsense')).toThrow(UnknownKeyError);
  expect(keys.seal('totp', 'person 1', 'JBSWY3DPEHPK3PXP')).not.toBe(sealed);
});

it('after a rotation the new secret seals and marks, the old one still opens and verifies', () => {
  const sealed = keysOf(OLD).seal('totp', 'x', 'text');
  const mark = keysOf(OLD).mark('device', 'text');
  const both = keysOf(NEW, OLD);
  expect(both.open('totp', 'x', sealed)).toBe('text');
  expect(both.isCurrent(sealed)).toBe(false);
  expect(both.isCurrent(both.seal('totp', 'x', 'text'))).toBe(true);
  expect(both.isMark('device', 'text', mark)).toBe(true);
  expect(both.marks('device', 'text')).toEqual([keysOf(NEW).mark('device', 'text'), mark]);
  expect(both.isMark('device', 'other', mark)).toBe(false);
  expect(both.isMark('other', 'text', mark)).toBe(false);
  expect(keysOf(NEW).isMark('device', 'text', mark)).toBe(false);
  expect(() => keysOf(NEW).open('totp', 'x', sealed)).toThrow(UnknownKeyError);
});

it('makes no secret before one is needed', () => {
  let asked = 0;
  const keys = createSecretKeys(() => [`${(asked += 1)} and enough characters to be a secret`]);
  expect(asked).toBe(0);
  keys.mark('a', 'b');
  keys.seal('a', 'b', 'c');
  expect(asked).toBe(1);
});
