import type { SchoolRole } from '@preau/contracts/vocabulary';
import type { CentralTrx } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { CentralModel } from '../../database/central.model.ts';

export class User extends CentralModel {
  static override tableName = 'public.users';
  declare id: string;
  declare email: string;
  declare full_name: string;
  /** Null for who only comes through a school's own log-in. */
  declare password_hash: string | null;
  declare email_verified_at: Date | null;
  declare is_superadmin: boolean;
}

export const findUserByEmail = async (trx: CentralTrx, email: string): Promise<User | undefined> =>
  User.query(trx).findOne({ email: email.trim().toLowerCase() });

/** Enters a person. Their address has been proved, by a link it received or by an operator. */
export async function insertUser(
  trx: CentralTrx,
  user: Pick<User, 'id' | 'email' | 'full_name' | 'password_hash' | 'is_superadmin'>,
): Promise<void> {
  await User.query(trx).insert({ ...user, email_verified_at: new Date() });
}

/**
 * The person of an address and what they are in a school, by one statement: a second one for addresses that are known would tell
 * them apart by time.
 */
export async function findPerson(
  trx: CentralTrx,
  email: string,
  tenantId: string | null,
): Promise<{ user: User | undefined; membership: Membership | undefined }> {
  const { rows } = await trx.raw(
    `SELECT u.id, u.email, u.full_name, u.password_hash, u.email_verified_at, u.is_superadmin,
       m.role AS member_role, m.status AS member_status
     FROM public.users u LEFT JOIN public.memberships m ON m.user_id = u.id AND m.tenant_id = ?::uuid
     WHERE u.email = ?`,
    [tenantId, email.trim().toLowerCase()] as never,
  );
  const row = rows[0];
  if (!row) return { user: undefined, membership: undefined };
  const { member_role: role, member_status: status, ...user } = row;
  return { user, membership: status === null ? undefined : { role, status } };
}

export type MembershipStatus = 'pending' | 'active';

export interface Membership {
  role: SchoolRole;
  status: MembershipStatus;
}

/** What a person is in a school, or asks to be (`pending`); undefined for a stranger. */
export async function membershipIn(
  trx: CentralTrx,
  userId: string,
  tenantId: string,
): Promise<Membership | undefined> {
  const { rows } = await trx.raw(
    'SELECT role, status FROM public.memberships WHERE user_id = ? AND tenant_id = ?',
    [userId, tenantId],
  );
  return rows[0];
}

/** The role of a member; undefined for strangers and for those who wait to be admitted. */
export async function roleIn(
  trx: CentralTrx,
  userId: string,
  tenantId: string,
): Promise<SchoolRole | undefined> {
  const membership = await membershipIn(trx, userId, tenantId);
  return membership?.status === 'active' ? membership.role : undefined;
}

const COUNTERS: Record<SchoolRole, string> = {
  admin: 'admin_count',
  teacher: 'teacher_count',
  student: 'student_count',
  parent: 'parent_count',
  staff: 'staff_count',
};

/** A person asks a school to be admitted. Counted once they are: see {@link activateMembership}. */
export async function insertPendingMembership(
  trx: CentralTrx,
  userId: string,
  tenantId: string,
  role: SchoolRole,
): Promise<void> {
  await trx.raw(
    `INSERT INTO public.memberships (user_id, tenant_id, role, status) VALUES (?, ?, ?, 'pending')
     ON CONFLICT (user_id, tenant_id) DO NOTHING`,
    [userId, tenantId, role],
  );
}

/** The record of somebody in a school's own tables. */
export interface PersonRecord {
  kind: 'student' | 'guardian' | 'staff';
  id: string;
}

/** Whether a record holds the seat of the student it is of, who then takes none. */
const holdsSeat = (record: PersonRecord | null, role: SchoolRole): boolean =>
  record?.kind === 'student' && role === 'student';

/**
 * Makes a person a member of a school, and keeps the school's counters in step in the same transaction. The record that they
 * were invited for becomes theirs, unless it is somebody's.
 */
export async function insertMembership(
  trx: CentralTrx,
  userId: string,
  tenantId: string,
  role: SchoolRole,
  invitedFor: PersonRecord | null = null,
): Promise<void> {
  const record = await freeRecord(trx, tenantId, invitedFor);
  await trx.raw(
    `INSERT INTO public.memberships (user_id, tenant_id, role, record_kind, record_id, seat_by_record)
     VALUES (?, ?, ?, ?, ?, ?)`,
    [userId, tenantId, role, record?.kind ?? null, record?.id ?? null, holdsSeat(record, role)] as never,
  );
  await countMember(trx, tenantId, { to: role, seatByRecord: holdsSeat(record, role) });
}

async function freeRecord(
  trx: CentralTrx,
  tenantId: string,
  record: PersonRecord | null,
): Promise<PersonRecord | null> {
  if (!record) return null;
  const { rows } = await trx.raw('SELECT 1 FROM public.memberships WHERE tenant_id = ? AND record_id = ?', [
    tenantId,
    record.id,
  ]);
  return rows.length > 0 ? null : record;
}

/** Admits a person who waits, in the role the school gives. @returns false when nobody of that id waits there. */
export async function activateMembership(
  trx: CentralTrx,
  userId: string,
  tenantId: string,
  role: SchoolRole,
  invitedFor: PersonRecord | null = null,
): Promise<boolean> {
  const record = await freeRecord(trx, tenantId, invitedFor);
  const { rows } = await trx.raw(
    `UPDATE public.memberships SET status = 'active', role = ?, record_kind = ?, record_id = ?, seat_by_record = ?
     WHERE user_id = ? AND tenant_id = ? AND status = 'pending' RETURNING user_id`,
    [role, record?.kind ?? null, record?.id ?? null, holdsSeat(record, role), userId, tenantId] as never,
  );
  if (rows.length === 0) return false;
  await countMember(trx, tenantId, { to: role, seatByRecord: holdsSeat(record, role) });
  return true;
}

/**
 * Moves a school's counters in the transaction of the change: somebody comes (`to`), goes (`from`), or is something else now. The
 * seat of a student whose record holds it (`seatByRecord`) is neither taken nor given.
 * @throws AppError `seats_exhausted` when they come to be a student and no seat is left.
 */
export async function countMember(
  trx: CentralTrx,
  tenantId: string,
  { from, to, seatByRecord = false }: { from?: SchoolRole; to?: SchoolRole; seatByRecord?: boolean },
): Promise<void> {
  if (from === to) return;
  const total = (to ? 1 : 0) - (from ? 1 : 0);
  const moves = [`total_users = u.total_users + ${total}`];
  const counted = (role: SchoolRole): boolean => role !== 'student' || !seatByRecord;
  if (to && counted(to)) moves.push(`${COUNTERS[to]} = u.${COUNTERS[to]} + 1`);
  if (from && counted(from)) moves.push(`${COUNTERS[from]} = u.${COUNTERS[from]} - 1`);
  const seat = to === 'student' && !seatByRecord ? 'AND u.student_count < t.max_students' : '';
  const { rowCount } = await trx.raw(
    `UPDATE public.tenant_usage u SET ${moves.join(', ')} FROM public.tenants t
     WHERE u.tenant_id = ? AND t.id = u.tenant_id ${seat}`,
    [tenantId],
  );
  if (rowCount === 0 && seat) throw await noSeatIn(trx, tenantId);
  await trx.raw(
    `INSERT INTO public.tenant_daily_stats (tenant_id, day, students, storage_bytes)
     SELECT tenant_id, current_date, student_count, storage_bytes FROM public.tenant_usage WHERE tenant_id = ?
     ON CONFLICT (tenant_id, day) DO UPDATE SET students = excluded.students, storage_bytes = excluded.storage_bytes`,
    [tenantId],
  );
}

async function noSeatIn(trx: CentralTrx, tenantId: string): Promise<AppError> {
  const { rows } = await trx.raw(
    `SELECT t.max_students AS limit, u.student_count AS used
     FROM public.tenants t JOIN public.tenant_usage u ON u.tenant_id = t.id WHERE t.id = ?`,
    [tenantId],
  );
  return new AppError('seats_exhausted', { details: rows[0], extensions: rows[0] });
}
