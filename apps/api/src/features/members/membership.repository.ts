import type { MemberStatus, SchoolRole } from '@preau/contracts/vocabulary';
import type { CentralTrx } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';

export interface LockedMember {
  id: string;
  email: string;
  full_name: string;
  role: SchoolRole;
  status: MemberStatus;
  title: string | null;
  phone: string | null;
  version: number;
  /** Their seat is their record's: it stays when they go. */
  seat_by_record: boolean;
  record_id: string | null;
}

/** Told, in the transaction of the change, that an account has become or is no more that of a record of the roster. */
export type RecordMoved = (trx: CentralTrx, tenantId: string, recordId: string) => Promise<void>;

/** Somebody of this school, or who asks to be; their row is locked, and their sessions here. Throws `not_found`. */
export async function lockMember(trx: CentralTrx, tenantId: string, userId: string): Promise<LockedMember> {
  // Before the member: whoever renews a session holds it while they count its person as active.
  await trx.raw('SELECT 1 FROM public.sessions WHERE user_id = ? AND tenant_id = ? ORDER BY id FOR UPDATE', [
    userId,
    tenantId,
  ]);
  const { rows } = await trx.raw(
    `SELECT u.id, u.email, u.full_name, m.role, m.status, m.title, m.phone, m.version, m.seat_by_record, m.record_id
     FROM public.memberships m JOIN public.users u ON u.id = m.user_id
     WHERE m.tenant_id = ? AND m.user_id = ? FOR UPDATE OF m`,
    [tenantId, userId],
  );
  if (!rows[0]) throw new AppError('not_found');
  return rows[0];
}

/**
 * Lets changes of who administers a school happen one after the other: two administrators who demote each other at once would
 * both see the other still there. Taken after the member's row, as whoever admits members does.
 */
export async function lockAdministration(trx: CentralTrx, tenantId: string): Promise<void> {
  await trx.raw('SELECT 1 FROM public.tenant_usage WHERE tenant_id = ? FOR UPDATE', [tenantId]);
}

/** Administrators besides this one. Asked of the rows themselves: a counter that is off would lock a school out. */
export async function otherAdmins(trx: CentralTrx, tenantId: string, userId: string): Promise<number> {
  const { rows } = await trx.raw(
    `SELECT count(*)::int AS count FROM public.memberships
     WHERE tenant_id = ? AND role = 'admin' AND status = 'active' AND user_id <> ?`,
    [tenantId, userId],
  );
  return rows[0].count;
}

/** A record is of what somebody is: with another role it is theirs no more. */
export async function writeMember(
  trx: CentralTrx,
  tenantId: string,
  { id, role, title, phone, version }: LockedMember,
): Promise<void> {
  await trx.raw(
    `UPDATE public.memberships SET title = :title, phone = :phone, version = :version, role = :role,
       record_kind = CASE WHEN role = :role THEN record_kind END, record_id = CASE WHEN role = :role THEN record_id END,
       seat_by_record = seat_by_record AND role = :role
     WHERE tenant_id = :tenantId AND user_id = :id`,
    { role, title, phone, version, tenantId, id } as never,
  );
}

export async function deleteMember(trx: CentralTrx, tenantId: string, userId: string): Promise<void> {
  await trx.raw('DELETE FROM public.memberships WHERE tenant_id = ? AND user_id = ?', [tenantId, userId]);
}

/** Throws `not_found`. */
export async function findMemberId(trx: CentralTrx, tenantId: string, email: string): Promise<string> {
  const { rows } = await trx.raw(
    `SELECT m.user_id FROM public.memberships m JOIN public.users u ON u.id = m.user_id
     WHERE m.tenant_id = ? AND u.email = ?`,
    [tenantId, email],
  );
  if (!rows[0]) throw new AppError('not_found');
  return rows[0].user_id;
}
