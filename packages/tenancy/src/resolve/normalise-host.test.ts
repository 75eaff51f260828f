import { describe, expect, it } from 'vitest';
import { normaliseDomain, normaliseHost } from './normalise-host.ts';

describe('normaliseHost', () => {
  it.each([
    ['lycee-hugo.localhost', 'lycee-hugo.localhost'],
    ['lycee-hugo.localhost:3000', 'lycee-hugo.localhost'],
    ['lycee-hugo.localhost.', 'lycee-hugo.localhost'],
    ['lycee-hugo.localhost.:80', 'lycee-hugo.localhost'],
    ['LYCEE-Hugo.LocalHost', 'lycee-hugo.localhost'],
    ['127.0.0.1:3000', '127.0.0.1'],
    [`${'a'.repeat(63)}.fr`, `${'a'.repeat(63)}.fr`],
  ])('%s is %s', (header, host) => expect(normaliseHost(header)).toBe(host));

  it.each([
    undefined,
    '',
    '.',
    '[::1]',
    '[::1]:3000',
    '::1',
    'a b.fr',
    'user@host.fr',
    'user:pass@host.fr',
    'host.fr/path',
    'host.fr:99999999',
    'host.fr:port',
    'a..fr',
    '-a.fr',
    'a-.fr',
    `${'a'.repeat(64)}.fr`,
    `${'a.'.repeat(130)}fr`,
    'é.fr',
    'a\u0000.fr',
    'a\r\nb.fr',
    'a.fr,b.fr',
    'a.fr..',
  ])('%j is no host name', (header) => expect(normaliseHost(header)).toBeNull());
});

describe('normaliseDomain', () => {
  it.each([
    ['WWW.Lycee-Hugo.FR', 'www.lycee-hugo.fr'],
    ['lycee-hugo.fr.', 'lycee-hugo.fr'],
    ['école-hugo.fr', 'xn--cole-hugo-93a.fr'],
    [' lycee-hugo.fr ', 'lycee-hugo.fr'],
  ])('%s is %s', (text, domain) => expect(normaliseDomain(text)).toBe(domain));

  it.each([
    'https://a.fr',
    'a.fr:80',
    'a.fr/x',
    'a',
    '',
    '.',
    '1.2.3.4',
    '[::1]',
    'a b.fr',
    'a_b.fr',
    '-a.fr',
    'u@a.fr',
    'a..fr',
    `${'a'.repeat(64)}.fr`,
  ])('%j is no domain', (text) => expect(normaliseDomain(text)).toBeNull());
});
