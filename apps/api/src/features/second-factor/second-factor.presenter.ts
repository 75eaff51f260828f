import type { Passkey } from '@preau/contracts/passkeys';
import type { SecondFactor, TotpEnrolment } from '@preau/contracts/second-factor';
import type { PasskeyRow } from './passkey.repository.ts';
import type { SecondFactorService } from './second-factor.service.ts';
import type { Enrolment } from './totp.ts';

export const presentSecondFactor = (
  status: Awaited<ReturnType<SecondFactorService['status']>>,
): SecondFactor => ({
  required: status.required,
  missing: status.missing,
  totp: status.totp_since ? { since: status.totp_since.toISOString() } : null,
  passkeys: status.passkeys_here,
  recovery_codes_left: status.recovery_codes,
  has_password: status.hasPassword,
});

export const presentEnrolment = ({ secret, uri, qrSvg }: Enrolment): TotpEnrolment => ({
  secret,
  uri,
  qr_svg: qrSvg,
});

export const presentPasskey = (row: PasskeyRow): Passkey => ({
  id: row.id,
  name: row.name,
  host: row.host,
  backed_up: row.backed_up,
  created_at: row.created_at.toISOString(),
  last_used_at: row.last_used_at?.toISOString() ?? null,
});
