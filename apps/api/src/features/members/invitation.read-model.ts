import type { InvitationQuery } from '@preau/contracts/invitations';
import type { InvitationStatus } from '@preau/contracts/vocabulary';
import { together, type CentralTrx } from '@preau/tenancy';
import type { InvitationRow } from './invitation.repository.ts';

const STATUS: Record<InvitationStatus, string> = {
  open: 'accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now()',
  expired: 'accepted_at IS NULL AND revoked_at IS NULL AND expires_at <= now()',
  accepted: 'accepted_at IS NOT NULL',
  revoked: 'accepted_at IS NULL AND revoked_at IS NOT NULL',
};

/** One page of a school's invitations, latest first. Two statements sent together. */
export async function listInvitationRows(
  trx: CentralTrx,
  tenantId: string,
  { page = 1, page_size: size = 20, status, role, search }: InvitationQuery,
): Promise<{ count: number; rows: InvitationRow[] }> {
  const conditions = ['tenant_id = :tenantId'];
  if (status) conditions.push(`(${STATUS[status]})`);
  if (role) conditions.push('role = :role');
  const term = search?.trim().toLowerCase();
  if (term) conditions.push(`email LIKE '%' || :term || '%'`);
  const from = `FROM public.invitations WHERE ${conditions.join(' AND ')}`;
  const values = {
    tenantId,
    role: role ?? null,
    term: term?.replace(/[\\%_]/g, '\\$&') ?? null,
    size,
    offset: (page - 1) * size,
  } as never;
  const [counted, listed] = await together([
    trx.raw(`SELECT count(*)::int AS count ${from}`, values) as PromiseLike<{ rows: { count: number }[] }>,
    trx.raw(
      `SELECT id, tenant_id, email, role, inviter, created_at, sent_at, expires_at, accepted_at, revoked_at ${from}
       ORDER BY created_at DESC, id DESC LIMIT :size OFFSET :offset`,
      values,
    ) as PromiseLike<{ rows: InvitationRow[] }>,
  ]);
  return { count: counted.rows[0]?.count ?? 0, rows: listed.rows };
}
