import type { MemberQuery } from '@preau/contracts/members';
import type { MEMBER_ORDERINGS, MemberStatus, SchoolRole } from '@preau/contracts/vocabulary';
import { together, type CentralTrx } from '@preau/tenancy';
import { folded } from '../../database/folded.ts';
import { AppError, fieldError } from '../../platform/app-error.ts';

export interface MemberRow {
  id: string;
  email: string;
  full_name: string;
  role: SchoolRole;
  status: MemberStatus;
  title: string | null;
  phone: string | null;
  created_at: Date;
  /** YYYY-MM-DD */
  last_active_on: string | null;
  open_sessions: number;
  version: number;
}

const COLUMNS = `u.id, u.email, u.full_name, m.role, m.status, m.title, m.phone, m.created_at, m.version,
  to_char(m.last_active_on, 'YYYY-MM-DD') AS last_active_on,
  (SELECT count(*)::int FROM public.sessions s
   WHERE s.user_id = u.id AND s.tenant_id = m.tenant_id AND s.expires_at > now()) AS open_sessions`;

const SEARCHED = folded(`concat_ws(' ', u.full_name, u.email, m.title)`);

type Ordering = (typeof MEMBER_ORDERINGS)[number];
const ORDERS: Record<Ordering, string> = {
  full_name: folded('u.full_name'),
  email: 'u.email',
  // As the roles are listed everywhere, not by the alphabet.
  role: `array_position(ARRAY['admin', 'teacher', 'staff', 'parent', 'student'], m.role)`,
  created_at: 'm.created_at',
  last_active_on: 'm.last_active_on',
};

function orderOf(ordering = 'full_name'): string {
  const descending = ordering.startsWith('-');
  const key = descending ? ordering.slice(1) : ordering;
  if (!Object.hasOwn(ORDERS, key)) throw fieldError('ordering', 'unknown_ordering', { value: key });
  return `${ORDERS[key as Ordering]} ${descending ? 'DESC' : 'ASC'} NULLS LAST, ${ORDERS.full_name}, u.id`;
}

/** One page of a school's members. Two statements sent together. */
export async function listMemberRows(
  trx: CentralTrx,
  tenantId: string,
  { page = 1, page_size: size = 20, search, role, status, ordering }: MemberQuery,
): Promise<{ count: number; rows: MemberRow[] }> {
  const conditions = ['m.tenant_id = :tenantId'];
  if (role) conditions.push('m.role = :role');
  if (status) conditions.push('m.status = :status');
  const term = search?.trim();
  if (term) conditions.push(`${SEARCHED} LIKE '%' || ${folded(':term')} || '%'`);
  const from = `FROM public.memberships m JOIN public.users u ON u.id = m.user_id WHERE ${conditions.join(' AND ')}`;
  const values = {
    tenantId,
    role: role ?? null,
    status: status ?? null,
    term: term?.replace(/[\\%_]/g, '\\$&') ?? null,
    size,
    offset: (page - 1) * size,
  } as never;
  const [counted, listed] = await together([
    trx.raw(`SELECT count(*)::int AS count ${from}`, values) as PromiseLike<{ rows: { count: number }[] }>,
    trx.raw(
      `SELECT ${COLUMNS} ${from} ORDER BY ${orderOf(ordering)} LIMIT :size OFFSET :offset`,
      values,
    ) as PromiseLike<{ rows: MemberRow[] }>,
  ]);
  return { count: counted.rows[0]?.count ?? 0, rows: listed.rows };
}

/** Somebody of a school, or who asks to be. Throws `not_found`. */
export async function getMemberRow(trx: CentralTrx, tenantId: string, userId: string): Promise<MemberRow> {
  const { rows } = await trx.raw(
    `SELECT ${COLUMNS} FROM public.memberships m JOIN public.users u ON u.id = m.user_id
     WHERE m.tenant_id = ? AND m.user_id = ?`,
    [tenantId, userId],
  );
  if (!rows[0]) throw new AppError('not_found');
  return rows[0];
}
