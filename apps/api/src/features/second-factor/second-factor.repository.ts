import type { CentralTrx } from '@preau/tenancy';

export interface TotpRow {
  user_id: string;
  sealed_secret: string;
  confirmed_at: Date | null;
  last_step: number | null;
  wrong_codes: number;
  /** Seconds since the first of them, by the database's clock. */
  wrong_for: number | null;
}

/** What a person has set up, as far as it counts at one place (`tenantId` null: the console). */
export interface FactorsRow {
  totp_since: Date | null;
  recovery_codes: number;
  /** For the place, and for all places together. */
  passkeys_here: number;
  passkeys: number;
}

export async function factorsOf(
  trx: CentralTrx,
  userId: string,
  tenantId: string | null,
): Promise<FactorsRow> {
  const { rows } = await trx.raw(
    `SELECT (SELECT confirmed_at FROM public.second_factors WHERE user_id = :userId) AS totp_since,
       (SELECT count(*)::int FROM public.recovery_codes WHERE user_id = :userId AND used_at IS NULL) AS recovery_codes,
       count(p.id)::int AS passkeys,
       (count(p.id) FILTER (WHERE p.tenant_id IS NOT DISTINCT FROM :tenantId::uuid))::int AS passkeys_here
     FROM public.passkeys p WHERE p.user_id = :userId`,
    { userId, tenantId } as never,
  );
  return rows[0];
}

/** Whether a session was opened with more than a password. */
export async function sessionIsStrong(trx: CentralTrx, sessionId: string): Promise<boolean> {
  const { rows } = await trx.raw('SELECT strong FROM public.sessions WHERE id = ?', [sessionId]);
  return rows[0]?.strong === true;
}

/** Locked, so that of two uses of one code at once one comes second. */
export async function lockTotp(trx: CentralTrx, userId: string): Promise<TotpRow | undefined> {
  const { rows } = await trx.raw(
    `SELECT user_id, sealed_secret, confirmed_at, last_step, wrong_codes,
       extract(epoch FROM now() - wrong_since)::float8 AS wrong_for
     FROM public.second_factors WHERE user_id = ? FOR UPDATE`,
    [userId],
  );
  const row = rows[0];
  return row && { ...row, last_step: row.last_step === null ? null : Number(row.last_step) };
}

/** Begins an enrolment, in the place of one that was not confirmed. @returns false when there is a confirmed one. */
export async function beginTotp(trx: CentralTrx, userId: string, sealedSecret: string): Promise<boolean> {
  const { rowCount } = await trx.raw(
    `INSERT INTO public.second_factors AS f (user_id, sealed_secret) VALUES (?, ?)
     ON CONFLICT (user_id) DO UPDATE SET sealed_secret = excluded.sealed_secret, created_at = now(),
       wrong_codes = 0, wrong_since = NULL
     WHERE f.confirmed_at IS NULL`,
    [userId, sealedSecret],
  );
  return rowCount > 0;
}

export async function confirmTotp(trx: CentralTrx, userId: string): Promise<void> {
  await trx.raw('UPDATE public.second_factors SET confirmed_at = now() WHERE user_id = ?', [userId]);
}

export async function takeStep(trx: CentralTrx, userId: string, step: number): Promise<void> {
  await trx.raw(
    'UPDATE public.second_factors SET last_step = ?, wrong_codes = 0, wrong_since = NULL WHERE user_id = ?',
    [step, userId],
  );
}

/** Counts a wrong code; the count begins anew once the first one lies `seconds` back. */
export async function countWrongCode(trx: CentralTrx, userId: string, seconds: number): Promise<void> {
  await trx.raw(
    `UPDATE public.second_factors SET
       wrong_codes = CASE WHEN wrong_since > now() - make_interval(secs => :seconds) THEN wrong_codes + 1 ELSE 1 END,
       wrong_since = CASE WHEN wrong_since > now() - make_interval(secs => :seconds) THEN wrong_since ELSE now() END
     WHERE user_id = :userId`,
    { userId, seconds },
  );
}

export async function deleteTotp(trx: CentralTrx, userId: string): Promise<boolean> {
  const { rowCount } = await trx.raw('DELETE FROM public.second_factors WHERE user_id = ?', [userId]);
  return rowCount > 0;
}

export async function replaceRecoveryCodes(
  trx: CentralTrx,
  userId: string,
  marks: readonly Buffer[],
): Promise<void> {
  await trx.raw('DELETE FROM public.recovery_codes WHERE user_id = ?', [userId]);
  if (marks.length === 0) return;
  await trx.raw('INSERT INTO public.recovery_codes (user_id, code_mark) SELECT ?, unnest(?::bytea[])', [
    userId,
    marks as never,
  ]);
}

/** Spends a code. @returns false when the person has none of these marks that is unspent. */
export async function useRecoveryCode(
  trx: CentralTrx,
  userId: string,
  marks: readonly Buffer[],
): Promise<boolean> {
  const { rowCount } = await trx.raw(
    `UPDATE public.recovery_codes SET used_at = now()
     WHERE user_id = ? AND code_mark = ANY(?::bytea[]) AND used_at IS NULL`,
    [userId, marks as never],
  );
  return rowCount > 0;
}
