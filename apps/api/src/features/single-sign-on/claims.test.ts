import { expect, it } from 'vitest';
import { emailFrom, isOfDomains, nameFrom, roleFrom } from './claims.ts';
import { isPublicAddress } from '../../platform/public-fetch.ts';
import { createProviderFetch } from './provider-fetch.ts';

const rules = {
  role_claim: 'groups',
  role_rules: [
    { value: 'direction', role: 'admin' as const },
    { value: 'profs', role: 'teacher' as const },
  ],
  default_role: 'student' as const,
};

it.each([
  [{ groups: ['eleves', 'profs'] }, 'teacher'],
  [{ groups: ['profs', 'direction'] }, 'admin'],
  [{ groups: 'profs' }, 'teacher'],
  [{ groups: ['PROFS'] }, 'student'],
  [{ groups: [['profs']] }, 'student'],
  [{ groups: { profs: true } }, 'student'],
  [{}, 'student'],
])('of %j makes the role %s', (claims, role) => {
  expect(roleFrom(claims, rules)).toBe(role);
});

it('finds a claim by a path, by a name with dots, and nothing in the prototype', () => {
  expect(
    roleFrom({ realm_access: { roles: ['profs'] } }, { ...rules, role_claim: 'realm_access.roles' }),
  ).toBe('teacher');
  expect(
    roleFrom({ 'https://a.example/roles': 'profs' }, { ...rules, role_claim: 'https://a.example/roles' }),
  ).toBe('teacher');
  expect(
    roleFrom(
      {},
      { ...rules, role_claim: 'constructor.name', role_rules: [{ value: 'Object', role: 'admin' }] },
    ),
  ).toBe('student');
  expect(roleFrom({ groups: ['profs'] }, { ...rules, role_claim: '', default_role: null })).toBeNull();
});

it('takes an address that the provider has verified, and no other', () => {
  expect(emailFrom({ email: ' Ada@Example.org ', email_verified: true })).toBe('ada@example.org');
  for (const email_verified of [false, 'true', undefined, 1])
    expect(emailFrom({ email: 'ada@example.org', email_verified })).toBeNull();
  expect(emailFrom({ email: 'not one', email_verified: true })).toBeNull();
  expect(nameFrom({ given_name: 'Ada', family_name: 'Lovelace' }, null)).toBe('Ada Lovelace');
  expect(nameFrom({}, 'ada@example.org')).toBe('ada');
});

it('lets in addresses of the domains named, whole', () => {
  expect(isOfDomains('a@b.example', [])).toBe(true);
  expect(isOfDomains('a@b.example', ['b.example'])).toBe(true);
  expect(isOfDomains('a@evil-b.example', ['b.example'])).toBe(false);
  expect(isOfDomains('a@c.b.example', ['b.example'])).toBe(false);
});

it.each([
  ['127.0.0.1', false],
  ['10.1.2.3', false],
  ['172.20.0.1', false],
  ['192.168.1.1', false],
  ['169.254.169.254', false],
  ['100.64.0.1', false],
  ['0.0.0.0', false],
  ['224.0.0.1', false],
  ['::1', false],
  ['::', false],
  ['fe80::1', false],
  ['fd00::1', false],
  ['::ffff:10.0.0.1', false],
  ['64:ff9b::a00:1', false],
  ['ff02::1', false],
  ['not an address', false],
  ['193.51.1.1', true],
  ['2a01:cb00::1', true],
])('%s is on the Internet: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected);
});

it.each([
  'http://127.0.0.1:8081/',
  'http://[::1]:8081/',
  'http://localhost:8081/',
  'http://2130706433:8081/',
  'http://[::ffff:127.0.0.1]:8081/',
])('a provider at %s is not asked', async (url) => {
  const fetch = createProviderFetch({ allowPrivate: false });
  const asking = fetch(url, { method: 'GET', headers: {} } as never);
  await expect(asking.catch((error: Error) => Promise.reject(error.cause ?? error))).rejects.toThrow(
    /is not an address of the Internet/,
  );
});
