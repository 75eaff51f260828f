import type { CentralTrx } from '@preau/tenancy';
import type { MailedLink } from './mailed-link.ts';
import { User } from './user.repository.ts';

export const findUser = async (trx: CentralTrx, id: string): Promise<User | undefined> =>
  User.query(trx).findById(id);

export async function changeUser(
  trx: CentralTrx,
  id: string,
  change: Partial<Pick<User, 'email' | 'full_name' | 'password_hash' | 'email_verified_at'>>,
): Promise<void> {
  await User.query(trx).patch(change).where({ id });
}

/**
 * Holds the person of a mailed link before the link itself: whoever spends one spends all of that person's, and two that began
 * with a link each would wait for one another.
 */
async function lockOwner(
  trx: CentralTrx,
  table: 'password_resets' | 'email_changes',
  tokenHash: Buffer,
): Promise<void> {
  await trx.raw(
    `SELECT 1 FROM public.users WHERE id = (SELECT user_id FROM public.${table} WHERE token_hash = ?) FOR NO KEY UPDATE`,
    [tokenHash],
  );
}

/** Holds a person whose password was proved. @returns false when it has changed meanwhile. */
export async function lockProved(trx: CentralTrx, id: string, passwordHash: string | null): Promise<boolean> {
  const { rows } = await trx.raw('SELECT password_hash FROM public.users WHERE id = ? FOR NO KEY UPDATE', [
    id,
  ]);
  return rows.length > 0 && rows[0].password_hash === passwordHash;
}

export interface ResetRow extends MailedLink {
  user_id: string;
  tenant_id: string | null;
  email: string;
}

/** Whose password a link may change. Another attempt of the same mail finds it there. */
export async function insertReset(
  trx: CentralTrx,
  reset: { tokenHash: Buffer; userId: string; tenantId: string | null; expiresAt: Date },
): Promise<void> {
  await trx.raw(
    `INSERT INTO public.password_resets (token_hash, user_id, tenant_id, expires_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (token_hash) DO NOTHING`,
    [reset.tokenHash, reset.userId, reset.tenantId, reset.expiresAt] as never,
  );
  await trx.raw("DELETE FROM public.password_resets WHERE expires_at < now() - interval '7 days'");
}

export async function lockReset(trx: CentralTrx, tokenHash: Buffer): Promise<ResetRow | undefined> {
  await lockOwner(trx, 'password_resets', tokenHash);
  const { rows } = await trx.raw(
    `SELECT r.user_id, r.tenant_id, r.expires_at, r.used_at, u.email
     FROM public.password_resets r JOIN public.users u ON u.id = r.user_id WHERE r.token_hash = ?`,
    [tokenHash],
  );
  return rows[0];
}

/** Spends every link of a person, who is held: what was asked for before a password changed is void. */
export async function useResetsOf(trx: CentralTrx, userId: string): Promise<void> {
  await trx.raw('UPDATE public.password_resets SET used_at = now() WHERE user_id = ? AND used_at IS NULL', [
    userId,
  ]);
  await trx.raw('UPDATE public.email_changes SET used_at = now() WHERE user_id = ? AND used_at IS NULL', [
    userId,
  ]);
}

export interface EmailChangeRow extends MailedLink {
  user_id: string;
  email: string;
  former: string;
}

/** A wish for another address; it replaces an earlier one. */
export async function insertEmailChange(
  trx: CentralTrx,
  change: { tokenHash: Buffer; userId: string; email: string; expiresAt: Date },
): Promise<void> {
  await trx.raw('DELETE FROM public.email_changes WHERE user_id = ? AND used_at IS NULL', [change.userId]);
  await trx.raw("DELETE FROM public.email_changes WHERE expires_at < now() - interval '7 days'");
  await trx.raw(
    'INSERT INTO public.email_changes (token_hash, user_id, email, expires_at) VALUES (?, ?, ?, ?)',
    [change.tokenHash, change.userId, change.email, change.expiresAt] as never,
  );
}

export async function lockEmailChange(
  trx: CentralTrx,
  tokenHash: Buffer,
): Promise<EmailChangeRow | undefined> {
  await lockOwner(trx, 'email_changes', tokenHash);
  const { rows } = await trx.raw(
    `SELECT c.user_id, c.email, c.expires_at, c.used_at, u.email AS former
     FROM public.email_changes c JOIN public.users u ON u.id = c.user_id WHERE c.token_hash = ?`,
    [tokenHash],
  );
  return rows[0];
}
