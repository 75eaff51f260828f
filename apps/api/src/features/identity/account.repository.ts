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
  const { rows } = await trx.raw(
    `SELECT r.user_id, r.tenant_id, r.expires_at, r.used_at, u.email
     FROM public.password_resets r JOIN public.users u ON u.id = r.user_id WHERE r.token_hash = ? FOR UPDATE OF r`,
    [tokenHash],
  );
  return rows[0];
}

/** Spends every link of a person: what was asked for before a password changed is void. */
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
  const { rows } = await trx.raw(
    `SELECT c.user_id, c.email, c.expires_at, c.used_at, u.email AS former
     FROM public.email_changes c JOIN public.users u ON u.id = c.user_id WHERE c.token_hash = ? FOR UPDATE OF c`,
    [tokenHash],
  );
  return rows[0];
}

export async function useEmailChange(trx: CentralTrx, tokenHash: Buffer): Promise<void> {
  await trx.raw('UPDATE public.email_changes SET used_at = now() WHERE token_hash = ?', [tokenHash]);
}
