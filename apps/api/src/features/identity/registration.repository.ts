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

/** A registration of this school, locked: wrong codes and uses are counted one after the other. */
export async function lockRegistration(
  trx: CentralTrx,
  tenantId: string,
  id: string,
): Promise<RegistrationRow | undefined> {
  const { rows } = await trx.raw(
    `SELECT id, email, full_name, role, token_hash, code_hash, wrong_codes, expires_at, used_at
     FROM public.registrations WHERE id = ? AND tenant_id = ? FOR UPDATE`,
    [id, tenantId],
  );
  return rows[0];
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
