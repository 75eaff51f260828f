import type { ASKABLE_ROLES } from '@preau/contracts/vocabulary';
import type { CentralTrx } from '@preau/tenancy';
import type { MailedLink } from './mailed-link.ts';

export type AskableRole = (typeof ASKABLE_ROLES)[number];

export interface RegistrationRow extends MailedLink {
  id: string;
  email: string;
  full_name: string;
  role: AskableRole;
  token_hash: Buffer;
  code_hash: Buffer;
  wrong_codes: number;
}

export async function insertRegistration(
  trx: CentralTrx,
  tenantId: string,
  row: Omit<RegistrationRow, 'used_at' | 'wrong_codes'>,
): Promise<void> {
  await trx.raw(
    `INSERT INTO public.registrations (id, tenant_id, email, full_name, role, token_hash, code_hash, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      tenantId,
      row.email,
      row.full_name,
      row.role,
      row.token_hash,
      row.code_hash,
      row.expires_at,
    ] as never,
  );
  await trx.raw("DELETE FROM public.registrations WHERE expires_at < now() - interval '7 days'");
}

/**
 * A registration of this school, held with all others of its address: wrong codes and uses are counted one after the other.
 * `wrong_codes` is of them all, since who asks again must not get new tries at somebody else's address.
 */
export async function lockRegistration(
  trx: CentralTrx,
  tenantId: string,
  id: string,
): Promise<RegistrationRow | undefined> {
  const { rows } = await trx.raw(
    `SELECT id, email, full_name, role, token_hash, code_hash, wrong_codes, expires_at, used_at
     FROM public.registrations
     WHERE tenant_id = :tenantId
       AND email = (SELECT email FROM public.registrations WHERE id = :id AND tenant_id = :tenantId)
     ORDER BY id FOR UPDATE`,
    { id, tenantId } as never,
  );
  const all = rows as RegistrationRow[];
  const own = all.find((row) => row.id === id);
  const now = Date.now();
  const tried = all.filter(({ expires_at: end }) => end.getTime() > now);
  return own && { ...own, wrong_codes: tried.reduce((sum, row) => sum + row.wrong_codes, 0) };
}

export async function countWrongCode(trx: CentralTrx, id: string): Promise<void> {
  await trx.raw('UPDATE public.registrations SET wrong_codes = wrong_codes + 1 WHERE id = ?', [id]);
}

/** Spends all registrations of an address at a school: one person, one request. */
export async function useRegistrations(trx: CentralTrx, tenantId: string, email: string): Promise<void> {
  await trx.raw(
    'UPDATE public.registrations SET used_at = now() WHERE tenant_id = ? AND email = ? AND used_at IS NULL',
    [tenantId, email],
  );
}
