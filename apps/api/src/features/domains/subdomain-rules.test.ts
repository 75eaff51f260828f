import { domainToASCII } from 'node:url';
import { describe, expect, it } from 'vitest';
import { subdomainProblem } from './subdomain-rules.ts';

describe('a subdomain that passes for a reserved one', () => {
  it.each([
    ['admîn', 'admin'],
    ['admın', 'admin'],
    ['аdmin', 'admin'],
    ['соnѕоlе', 'console'],
    ['арі', 'api'],
    ['ԝԝԝ', 'www'],
    ['ad-min', 'admin'],
    ['adm1n', 'admin'],
    ['mai1', 'mail'],
    ['c0nsole', 'console'],
    ['l0g-1n', 'login'],
  ])('is refused: %s for %s', (text, reserved) => {
    expect(subdomainProblem(domainToASCII(text))).toMatchObject({
      code: 'subdomain_lookalike',
      values: { reserved },
    });
  });

  it.each(['mall', 'lycee-1', '3eme-x', 'college-du-10-mai', 'ecole-des-signes', 'école', 'größe'])(
    'is not every name: %s',
    (text) => {
      expect(subdomainProblem(domainToASCII(text))).toBeNull();
    },
  );
});
