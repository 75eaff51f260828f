import type { CentralTrx, Tenancy } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import type { SecretKeys } from '../../platform/secret-keys.ts';
import { plainRecoveryCode } from './recovery-codes.ts';
import { countWrongCode, lockTotp, takeStep, useRecoveryCode } from './second-factor.repository.ts';
import { stepOf } from './totp.ts';

export const TOTP_PURPOSE = 'totp';
export const RECOVERY_PURPOSE = 'recovery code';

/** Of six digits somebody who has the password could try them all: so many wrong ones in so many seconds, then none is looked at. */
const MOST_WRONG = 10;
const WRONG_WITHIN = 900;

export type ProvedBy = 'totp' | 'recovery_code';

/** What is kept of a recovery code: nobody who has the database alone can try codes against it. */
export const recoveryMarks = (secrets: SecretKeys, userId: string, plain: string): Buffer[] =>
  secrets.marks(RECOVERY_PURPOSE, `${userId}|${plain}`);

async function tryTotp(trx: CentralTrx, secrets: SecretKeys, userId: string, code: string): Promise<boolean> {
  const row = await lockTotp(trx, userId);
  if (!row?.confirmed_at) return false;
  const left = row.wrong_for === null ? 0 : WRONG_WITHIN - row.wrong_for;
  if (row.wrong_codes >= MOST_WRONG && left > 0) {
    const seconds = Math.ceil(left);
    throw new AppError('too_many_requests', {
      details: { retry_after: seconds },
      headers: { 'retry-after': String(seconds) },
    });
  }
  const secret = secrets.open(TOTP_PURPOSE, userId, row.sealed_secret);
  const step = stepOf(secret, code, Date.now(), row.last_step);
  if (step === null) await countWrongCode(trx, userId, WRONG_WITHIN);
  else await takeStep(trx, userId, step);
  return step !== null;
}

/**
 * Takes a code of the application or a recovery code, once. Commits on its own, since a wrong one must be counted whatever the
 * caller does. Null when it is neither. Throws `too_many_requests`.
 */
export function takeCode(
  { tenancy, secrets }: { tenancy: Tenancy; secrets: SecretKeys },
  userId: string,
  code: string,
): Promise<ProvedBy | null> {
  const digits = code.replace(/\s/g, '');
  const recovery = plainRecoveryCode(code);
  return tenancy.central(async ({ trx }) => {
    if (/^\d{6}$/.test(digits)) return (await tryTotp(trx, secrets, userId, digits)) ? 'totp' : null;
    if (recovery === null) return null;
    const marks = recoveryMarks(secrets, userId, recovery);
    return (await useRecoveryCode(trx, userId, marks)) ? 'recovery_code' : null;
  });
}
