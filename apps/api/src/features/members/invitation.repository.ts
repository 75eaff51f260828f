import type { InvitationStatus, SchoolRole } from '@preau/contracts/vocabulary';
import { together, type CentralTrx } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import type { PersonRecord } from '../identity/index.ts';

export interface InvitationRow {
  id: string;
  tenant_id: string;
  email: string;
  role: SchoolRole;
  inviter: string | null;
  created_at: Date;
  sent_at: Date;
  expires_at: Date;
  accepted_at: Date | null;
  revoked_at: Date | null;
  record_kind: PersonRecord['kind'] | null;
  record_id: string | null;
}

export interface NewInvitation {
  id: string;
  tenantId: string;
  email: string;
  role: SchoolRole;
  tokenHash: Buffer;
  expiresAt: Date;
  /** Null when the platform invites, not the school. */
  by: { id: string | null; name: string } | null;
  /** What becomes theirs: the seat of a student is then the record's. */
  record: PersonRecord | null;
}

const COLUMNS =
  'id, tenant_id, email, role, inviter, created_at, sent_at, expires_at, accepted_at, revoked_at, record_kind, record_id';
const OPEN = 'accepted_at IS NULL AND revoked_at IS NULL';

export function statusOf({ accepted_at, revoked_at, expires_at }: InvitationRow): InvitationStatus {
  if (accepted_at) return 'accepted';
  if (revoked_at) return 'revoked';
  return expires_at.getTime() <= Date.now() ? 'expired' : 'open';
}

/** Ends what an address was sent before, and, when the platform invites, what it sent for the same role. */
export async function insertInvitation(
  trx: CentralTrx,
  { id, tenantId, email, role, tokenHash, expiresAt, by, record }: NewInvitation,
): Promise<void> {
  await together([
    trx.raw(
      `UPDATE public.invitations SET revoked_at = now()
       WHERE tenant_id = ? AND (email = ? OR record_id = ? OR (? AND NOT from_school AND role = ?)) AND id <> ? AND ${OPEN}`,
      [tenantId, email, record?.id ?? null, by === null, role, id] as never,
    ),
    trx.raw(
      `INSERT INTO public.invitations (id, tenant_id, email, role, token_hash, expires_at, from_school, invited_by, inviter,
         record_kind, record_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        id,
        tenantId,
        email,
        role,
        tokenHash,
        expiresAt,
        by !== null,
        by?.id ?? null,
        by?.name ?? null,
        record?.kind ?? null,
        record?.id ?? null,
      ] as never,
    ),
  ]);
}

/** One school makes its invitations one after the other: two at once for one address would leave two ways in. */
export async function lockInviting(trx: CentralTrx, tenantId: string): Promise<void> {
  await trx.raw('SELECT pg_advisory_xact_lock(hashtextextended(?, 0))', [`invitations:${tenantId}`]);
}

/** Whether a student more would find no seat, counting those who are invited without a record, others than this address. */
export async function seatsBeside(
  trx: CentralTrx,
  tenantId: string,
  email: string,
): Promise<{ limit: number; used: number }> {
  const { rows } = await trx.raw(
    `SELECT t.max_students AS limit, u.student_count + (
       SELECT count(*)::int FROM public.invitations
       WHERE tenant_id = t.id AND role = 'student' AND record_id IS NULL AND email <> ? AND ${OPEN} AND expires_at > now()) AS used
     FROM public.tenants t JOIN public.tenant_usage u ON u.tenant_id = t.id WHERE t.id = ?`,
    [email, tenantId],
  );
  return rows[0];
}

/** The invitation of a token at this school; undefined when there is none. */
export async function findByToken(
  trx: CentralTrx,
  tenantId: string,
  tokenHash: Buffer,
  lock: boolean,
): Promise<InvitationRow | undefined> {
  const { rows } = await trx.raw(
    `SELECT ${COLUMNS} FROM public.invitations WHERE token_hash = ? AND tenant_id = ?${lock ? ' FOR UPDATE' : ''}`,
    [tokenHash, tenantId],
  );
  return rows[0];
}

/** An invitation of this school that was not revoked, locked. Throws `not_found`. */
export async function lockInvitation(trx: CentralTrx, tenantId: string, id: string): Promise<InvitationRow> {
  const { rows } = await trx.raw(
    `SELECT ${COLUMNS} FROM public.invitations WHERE id = ? AND tenant_id = ? AND revoked_at IS NULL FOR UPDATE`,
    [id, tenantId],
  );
  if (!rows[0]) throw new AppError('not_found');
  return rows[0];
}

export async function findOpen(trx: CentralTrx, id: string): Promise<InvitationRow | undefined> {
  const { rows } = await trx.raw(`SELECT ${COLUMNS} FROM public.invitations WHERE id = ? AND ${OPEN}`, [id]);
  return rows[0];
}

/** A new link for the same invitation; the one before leads nowhere. */
export async function renewInvitation(
  trx: CentralTrx,
  id: string,
  tokenHash: Buffer,
  expiresAt: Date,
): Promise<InvitationRow> {
  const { rows } = await trx.raw(
    `UPDATE public.invitations SET token_hash = ?, expires_at = ?, sent_at = now() WHERE id = ? RETURNING ${COLUMNS}`,
    [tokenHash, expiresAt, id],
  );
  return rows[0];
}

export async function endInvitation(
  trx: CentralTrx,
  id: string,
  as: 'accepted_at' | 'revoked_at',
): Promise<void> {
  await trx.raw(`UPDATE public.invitations SET ${as} = now() WHERE id = ?`, [id]);
}
