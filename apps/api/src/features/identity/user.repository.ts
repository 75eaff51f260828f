import type { SchoolRole } from '@preau/contracts/vocabulary';
import type { CentralTrx } from '@preau/tenancy';
import { CentralModel } from '../../database/central.model.ts';

export class User extends CentralModel {
  static override tableName = 'public.users';
  declare id: string;
  declare email: string;
  declare full_name: string;
  declare password_hash: string;
  declare is_superadmin: boolean;
}

export const findUserByEmail = async (trx: CentralTrx, email: string): Promise<User | undefined> =>
  User.query(trx).findOne({ email: email.trim().toLowerCase() });

export async function insertUser(
  trx: CentralTrx,
  user: Pick<User, 'id' | 'email' | 'full_name' | 'password_hash' | 'is_superadmin'>,
): Promise<void> {
  await User.query(trx).insert(user);
}

export async function roleIn(
  trx: CentralTrx,
  userId: string,
  tenantId: string,
): Promise<SchoolRole | undefined> {
  const { rows } = await trx.raw('SELECT role FROM public.memberships WHERE user_id = ? AND tenant_id = ?', [
    userId,
    tenantId,
  ]);
  return rows[0]?.role;
}

const COUNTERS: Record<SchoolRole, string> = {
  admin: 'admin_count',
  teacher: 'teacher_count',
  student: 'student_count',
  parent: 'parent_count',
  staff: 'staff_count',
};

/** Makes a person a member of a school, and keeps the school's counters in step in the same transaction. */
export async function insertMembership(
  trx: CentralTrx,
  userId: string,
  tenantId: string,
  role: SchoolRole,
): Promise<void> {
  await trx.raw('INSERT INTO public.memberships (user_id, tenant_id, role) VALUES (?, ?, ?)', [
    userId,
    tenantId,
    role,
  ]);
  await trx.raw(
    `UPDATE public.tenant_usage SET total_users = total_users + 1, ${COUNTERS[role]} = ${COUNTERS[role]} + 1 WHERE tenant_id = ?`,
    [tenantId],
  );
  await trx.raw(
    `INSERT INTO public.tenant_daily_stats (tenant_id, day, students, storage_bytes)
     SELECT tenant_id, current_date, student_count, storage_bytes FROM public.tenant_usage WHERE tenant_id = ?
     ON CONFLICT (tenant_id, day) DO UPDATE SET students = excluded.students, storage_bytes = excluded.storage_bytes`,
    [tenantId],
  );
}
