import { Secret, TOTP } from 'otpauth';
import { encodeQR } from 'qr';

const PERIOD = 30;
// What authenticator applications take for granted (RFC 6238): SHA-1, six digits, thirty seconds.
const DEFAULTS = { algorithm: 'SHA1', digits: 6, period: PERIOD };

export interface Enrolment {
  secret: string;
  uri: string;
  qrSvg: string;
}

/** A new secret of 160 bits, for the person and the installation that an application will show. */
export function newEnrolment(email: string, issuer: string): Enrolment {
  const totp = new TOTP({ ...DEFAULTS, issuer, label: email, secret: new Secret({ size: 20 }) });
  const uri = totp.toString();
  // The squares alone would be black on black where the page is dark, and no camera reads that.
  const squares = encodeQR(uri, 'svg', { ecc: 'medium', border: 4 });
  const qrSvg = squares.replace(/<svg[^>]*>/, '$&<rect width="100%" height="100%" fill="#fff"/>');
  return { secret: totp.secret.base32, uri, qrSvg };
}

/**
 * The number of the thirty seconds that a code belongs to: those of `now`, or the ones before and after, since clocks differ.
 * Null for a wrong code, and for one of `lastStep` or before, which was taken already.
 */
export function stepOf(secret: string, code: string, now: number, lastStep: number | null): number | null {
  const totp = new TOTP({ ...DEFAULTS, secret: Secret.fromBase32(secret) });
  const delta = totp.validate({ token: code, timestamp: now, window: 1 });
  if (delta === null) return null;
  const step = Math.floor(now / 1_000 / PERIOD) + delta;
  return lastStep !== null && step <= lastStep ? null : step;
}

/** What the application would show. */
export const codeAt = (secret: string, now: number): string =>
  new TOTP({ ...DEFAULTS, secret: Secret.fromBase32(secret) }).generate({ timestamp: now });
