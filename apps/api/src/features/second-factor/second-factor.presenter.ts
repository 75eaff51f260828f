import type { SecondFactor, TotpEnrolment } from '@preau/contracts/second-factor';
import type { SecondFactorService } from './second-factor.service.ts';
import type { Enrolment } from './totp.ts';

export const presentSecondFactor = (
  status: Awaited<ReturnType<SecondFactorService['status']>>,
): SecondFactor => ({
  required: status.required,
  missing: status.missing,
  totp: status.totp_since ? { since: status.totp_since.toISOString() } : null,
  passkeys: 0,
  recovery_codes_left: status.recovery_codes,
  has_password: status.hasPassword,
});

export const presentEnrolment = ({ secret, uri, qrSvg }: Enrolment): TotpEnrolment => ({
  secret,
  uri,
  qr_svg: qrSvg,
});
