import { expect, it } from 'vitest';
import { HOW_MANY, newRecoveryCodes, plainRecoveryCode } from './recovery-codes.ts';
import { codeAt, newEnrolment, stepOf } from './totp.ts';

// RFC 6238, appendix B: the ASCII secret "12345678901234567890" as base32; its codes of eight digits end with these six.
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

it.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_234_567_890, '005924'],
  [20_000_000_000, '353130'],
])('knows the code of the standard for second %i', (second, code) => {
  expect(codeAt(SECRET, second * 1_000)).toBe(code);
  expect(stepOf(SECRET, code, second * 1_000, null)).toBe(Math.floor(second / 30));
});

it('takes a code half a minute early or late, not more', () => {
  const now = 1_234_567_890_000;
  const step = Math.floor(now / 30_000);
  const at = (steps: number) => stepOf(SECRET, codeAt(SECRET, now + steps * 30_000), now, null);
  expect([-2, -1, 0, 1, 2].map(at)).toEqual([null, step - 1, step, step + 1, null]);
});

it('takes no code twice, nor one that is older than the last', () => {
  const now = 1_234_567_890_000;
  const step = Math.floor(now / 30_000);
  const code = codeAt(SECRET, now);
  expect(stepOf(SECRET, code, now, step)).toBeNull();
  expect(stepOf(SECRET, code, now, step + 1)).toBeNull();
  expect(stepOf(SECRET, code, now, step - 1)).toBe(step);
});

it('enrols with a secret of its own, as text and as a picture that asks nobody', () => {
  const first = newEnrolment('ada@example.org', 'Préau');
  const second = newEnrolment('ada@example.org', 'Préau');
  expect(first.secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(second.secret).not.toBe(first.secret);
  const uri = new URL(first.uri);
  expect(uri.protocol).toBe('otpauth:');
  expect(uri.searchParams.get('secret')).toBe(first.secret);
  expect(uri.searchParams.get('issuer')).toBe('Préau');
  expect(first.qrSvg).toMatch(/^(<\?xml[^>]*>)?\s*<svg/);
  // Readable on a dark page too.
  expect(first.qrSvg).toMatch(/<svg[^>]*><rect width="100%" height="100%" fill="#fff"\/>/);
  expect(first.qrSvg).not.toMatch(/href|<script|<image/);
});

it('recovery codes are all different, and known again however they are typed', () => {
  const codes = newRecoveryCodes();
  expect(new Set(codes).size).toBe(HOW_MANY);
  for (const code of codes) {
    expect(code).toMatch(/^[2-9a-z]{4}-[2-9a-z]{4}-[2-9a-z]{4}$/);
    expect(plainRecoveryCode(` ${code.toUpperCase().replaceAll('-', ' ')} `)).toBe(code.replaceAll('-', ''));
  }
  expect(['', '123456', 'k7mf-2xqp', 'k7mf-2xqp-9dt0'].map(plainRecoveryCode)).toEqual([
    null,
    null,
    null,
    null,
  ]);
});
