import type { Role } from '@preau/contracts/vocabulary';
import type { CentralTrx } from '@preau/tenancy';

export interface SessionRow {
  id: string;
  user_id: string;
  tenant_id: string | null;
  expires_at: Date;
  email: string;
  full_name: string;
  is_superadmin: boolean;
  role: Exclude<Role, 'superadmin'> | null;
  timeout_minutes: number | null;
  /** Whether more than a password opened it. */
  strong: boolean;
  /** Whether the school demands that of its administrators. */
  require_second_factor: boolean | null;
  /** By whose leave somebody of the platform is in a school, and until when. */
  grant_id: string | null;
  grant_ends_at: Date | null;
  grantor_id: string | null;
  grantor_label: string | null;
}

/** When a session (`s`) ends at its school (`t`), or on the console. */
export const ENDS = `LEAST(s.expires_at, s.last_seen_at + make_interval(mins => (t.settings->>'session_timeout_minutes')::int))`;

/** The session of a token with its person and their role where it was opened; undefined when it has ended. */
export async function findSession(trx: CentralTrx, tokenHash: Buffer): Promise<SessionRow | undefined> {
  const { rows } = await trx.raw(
    // A time-out that the school has shortened holds for sessions that nobody uses meanwhile, too.
    `SELECT s.id, s.user_id, s.tenant_id, ${ENDS} AS expires_at, u.email, u.full_name, u.is_superadmin, m.role,
       (t.settings->>'session_timeout_minutes')::int AS timeout_minutes, s.strong,
       (t.settings->>'require_second_factor')::boolean AS require_second_factor,
       s.grant_id, g.expires_at AS grant_ends_at, g.decided_by AS grantor_id, g.decided_by_label AS grantor_label
     FROM public.sessions s
     JOIN public.users u ON u.id = s.user_id
     LEFT JOIN public.memberships m ON m.user_id = s.user_id AND m.tenant_id = s.tenant_id AND m.status = 'active'
     LEFT JOIN public.tenants t ON t.id = s.tenant_id
     LEFT JOIN public.support_grants g ON g.id = s.grant_id
     WHERE s.token_hash = ? AND ${ENDS} > now()
       AND (s.grant_id IS NULL OR (g.status = 'granted' AND g.expires_at > now()))`,
    [tokenHash],
  );
  return rows[0];
}

export interface NewSession {
  id: string;
  tokenHash: Buffer;
  userId: string;
  /** As it was when the person proved who they are. */
  passwordHash: string | null;
  tenantId: string | null;
  ip: string | null;
  userAgent: string | null;
  expiresAt: Date;
  strong: boolean;
  grantId: string | null;
}

/**
 * Enters a session, unless the password has changed since it was checked: whoever changes it ends the sessions there are, and
 * would not see this one. @returns whether it was entered.
 */
export async function insertSession(trx: CentralTrx, session: NewSession): Promise<boolean> {
  const { rowCount } = await trx.raw(
    `INSERT INTO public.sessions (id, token_hash, user_id, tenant_id, ip, user_agent, expires_at, strong, grant_id)
     SELECT ?::uuid, ?::bytea, id, ?::uuid, ?, ?, ?::timestamptz, ?::boolean, ?::uuid FROM public.users
     WHERE id = ? AND password_hash IS NOT DISTINCT FROM ? FOR SHARE`,
    [
      session.id,
      session.tokenHash,
      session.tenantId,
      session.ip,
      session.userAgent,
      session.expiresAt,
      session.strong,
      session.grantId,
      session.userId,
      session.passwordHash,
    ] as never,
  );
  // Somebody logs in now and then; nothing else need sweep the ended ones.
  await trx.raw("DELETE FROM public.sessions WHERE expires_at < now() - interval '1 day'");
  return rowCount > 0;
}

/**
 * Moves the end of a session, and counts its person as active today: once a minute at most, by the caller.
 * @returns false when it has ended meanwhile.
 */
export async function extendSession(trx: CentralTrx, session: SessionRow, expiresAt: Date): Promise<boolean> {
  const { rowCount } = await trx.raw(
    'UPDATE public.sessions SET expires_at = ?, last_seen_at = now() WHERE id = ?',
    [expiresAt, session.id],
  );
  if (rowCount === 0) return false;
  if (session.tenant_id) await countActive(trx, session.user_id, session.tenant_id);
  return true;
}

/** Counts a member once a day in the school's figures. */
export async function countActive(trx: CentralTrx, userId: string, tenantId: string): Promise<void> {
  await trx.raw(
    `WITH first_today AS (
       UPDATE public.memberships SET last_active_on = current_date
       WHERE user_id = ? AND tenant_id = ? AND last_active_on IS DISTINCT FROM current_date RETURNING tenant_id
     )
     INSERT INTO public.tenant_daily_stats (tenant_id, day, students, storage_bytes, active_users)
     SELECT u.tenant_id, current_date, u.student_count, u.storage_bytes, 1
     FROM first_today JOIN public.tenant_usage u USING (tenant_id)
     ON CONFLICT (tenant_id, day) DO UPDATE SET active_users = public.tenant_daily_stats.active_users + 1`,
    [userId, tenantId],
  );
}

export async function deleteSession(trx: CentralTrx, id: string): Promise<void> {
  await trx.raw('DELETE FROM public.sessions WHERE id = ?', [id]);
}

/** From now on this session counts as opened with more than a password. */
export async function strengthenSession(trx: CentralTrx, id: string): Promise<void> {
  await trx.raw('UPDATE public.sessions SET strong = true WHERE id = ?', [id]);
}

export interface SessionsOf {
  userId: string;
  /** Those of one school (null: of the console); of all when absent. */
  tenantId?: string | null;
  only?: string;
  except?: string;
  /** Told to their open sockets; that they ended, and nothing more, when absent. */
  why?: 'password_changed' | 'role_changed' | 'left_school';
}

/** Ends sessions of a person. @returns their ids. */
export async function deleteSessionsOf(
  trx: CentralTrx,
  { userId, tenantId, only, except }: SessionsOf,
): Promise<string[]> {
  const { rows } = await trx.raw(
    `DELETE FROM public.sessions WHERE user_id = :userId AND id IS DISTINCT FROM :except::uuid
       AND (:only::uuid IS NULL OR id = :only::uuid)
       AND (:everywhere OR tenant_id IS NOT DISTINCT FROM :tenantId::uuid) RETURNING id`,
    {
      userId,
      except: except ?? null,
      only: only ?? null,
      everywhere: tenantId === undefined,
      tenantId: tenantId ?? null,
    } as never,
  );
  return (rows as { id: string }[]).map(({ id }) => id);
}

/** Ends the sessions that live by a grant. @returns their ids. */
export async function deleteSessionsOfGrant(trx: CentralTrx, grantId: string): Promise<string[]> {
  const { rows } = await trx.raw('DELETE FROM public.sessions WHERE grant_id = ? RETURNING id', [grantId]);
  return (rows as { id: string }[]).map(({ id }) => id);
}

/** Which of these sessions have not ended, and when they will: one question for many. */
export async function standingSessions(
  trx: CentralTrx,
  ids: readonly string[],
): Promise<{ id: string; expires_at: Date }[]> {
  const { rows } = await trx.raw<{ rows: { id: string; expires_at: Date }[] }>(
    `SELECT s.id, ${ENDS} AS expires_at FROM public.sessions s
     LEFT JOIN public.tenants t ON t.id = s.tenant_id
     LEFT JOIN public.support_grants g ON g.id = s.grant_id
     WHERE s.id = ANY (?::uuid[]) AND ${ENDS} > now()
       AND (s.grant_id IS NULL OR (g.status = 'granted' AND g.expires_at > now()))`,
    [ids] as never,
  );
  return rows;
}

export async function sessionIdsOf(trx: CentralTrx, userId: string): Promise<string[]> {
  const { rows } = await trx.raw('SELECT id FROM public.sessions WHERE user_id = ?', [userId]);
  return (rows as { id: string }[]).map(({ id }) => id);
}
