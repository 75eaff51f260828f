import type { StudentFilters, StudentQuery } from '@preau/contracts/students';
import type { GuardianRelation, STUDENT_ORDERINGS } from '@preau/contracts/vocabulary';
import { together, type TenantTrx } from '@preau/tenancy';
import { containing, folded } from '../../database/folded.ts';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { reachedStudents, type Reach } from './reach.ts';
import type { Student } from './roster.model.ts';
import { peopleOf, recordOf, type TiedPerson } from './seats.repository.ts';

export interface StudentListRow extends Student {
  class_id: string | null;
  class_name: string | null;
  has_account: boolean;
}

export interface GuardianOfStudent {
  id: string;
  last_name: string;
  first_name: string;
  email: string | null;
  phone: string | null;
  relation: GuardianRelation;
  may_be_written_to: boolean;
  may_collect: boolean;
  has_account: boolean;
  version: number;
}

export interface EnrolmentOfStudent {
  year_id: string;
  year_name: string;
  is_current: boolean;
  class_id: string;
  class_name: string;
  since: string;
}

export interface StudentDetail {
  student: Student;
  guardians: GuardianOfStudent[];
  enrolments: EnrolmentOfStudent[];
  account: TiedPerson | null;
}

/** The current year unless another is asked for. */
export const YEAR = 'coalesce(:year::uuid, (SELECT id FROM school_years WHERE is_current))';
const NAME = `${folded('s.last_name')}, ${folded('s.first_name')}`;

const ORDERS: Record<(typeof STUDENT_ORDERINGS)[number], string> = {
  name: NAME,
  birth_date: 's.birth_date',
  class: folded('c.name'),
  created_at: 's.created_at',
};

function orderOf(ordering = 'name'): string {
  const descending = ordering.startsWith('-');
  const key = descending ? ordering.slice(1) : ordering;
  if (!Object.hasOwn(ORDERS, key)) throw fieldError('ordering', 'unknown_ordering', { value: key });
  const columns = ORDERS[key as keyof typeof ORDERS].split(/, (?=regexp)/);
  const direction = descending ? 'DESC' : 'ASC';
  return `${columns.map((column) => `${column} ${direction} NULLS LAST`).join(', ')}, ${NAME}, s.id`;
}

/** FROM and WHERE of a filter, with its bindings. */
export function filtered(reach: Reach, filters: StudentFilters): { from: string; values: object } {
  const conditions = [reachedStudents(reach)];
  if (filters.status) conditions.push('s.status = :status');
  if (filters.class) conditions.push('c.id = :class::uuid');
  if (filters.without_class) conditions.push('c.id IS NULL');
  const words = (filters.search ?? '').trim().split(/\s+/).filter(Boolean).slice(0, 6);
  words.forEach((_, at) =>
    conditions.push(`${folded("concat_ws(' ', s.last_name, s.first_name, s.external_id)")} LIKE :word${at}`),
  );
  return {
    from: `FROM students s
      LEFT JOIN enrolments e ON e.student_id = s.id AND e.school_year_id = ${YEAR}
      LEFT JOIN classes c ON c.id = e.class_id
      WHERE ${conditions.join(' AND ')}`,
    values: {
      me: reach.userId,
      year: filters.school_year ?? null,
      status: filters.status ?? null,
      class: filters.class ?? null,
      ...Object.fromEntries(words.map((word, at) => [`word${at}`, containing(word)])),
    },
  };
}

/** One page of the students that somebody reaches. */
export async function listStudentRows(
  trx: TenantTrx,
  reach: Reach,
  { page = 1, page_size: size = 20, ordering, ...filters }: StudentQuery,
): Promise<{ count: number; rows: StudentListRow[] }> {
  const { from, values } = filtered(reach, filters);
  const bound = { ...values, size, offset: (page - 1) * size } as never;
  const [counted, listed] = await together([
    trx.raw(`SELECT count(*)::int AS count ${from}`, bound) as PromiseLike<{ rows: { count: number }[] }>,
    trx.raw(
      `SELECT s.*, c.id AS class_id, c.name AS class_name ${from}
       ORDER BY ${orderOf(ordering)} LIMIT :size OFFSET :offset`,
      bound,
    ) as PromiseLike<{ rows: StudentListRow[] }>,
  ]);
  const people = await peopleOf(
    trx,
    listed.rows.map(({ id }) => id),
  );
  return {
    count: counted.rows[0]?.count ?? 0,
    rows: listed.rows.map((row) => ({ ...row, has_account: people.has(row.id) }) as StudentListRow),
  };
}

/** A student that somebody reaches, with no more of other people than they may see. Throws `not_found`. */
export async function getStudentDetail(trx: TenantTrx, reach: Reach, id: string): Promise<StudentDetail> {
  const bound = { id, me: reach.userId } as never;
  const [found, guardians, enrolments] = await together([
    trx.raw(
      `SELECT s.* FROM students s WHERE s.id = :id::uuid AND ${reachedStudents(reach)}`,
      bound,
    ) as PromiseLike<{ rows: Student[] }>,
    trx.raw(
      `SELECT g.id, g.last_name, g.first_name, g.email, g.phone, g.version, k.relation, k.may_be_written_to,
              k.may_collect
       FROM guardianships k JOIN guardians g ON g.id = k.guardian_id WHERE k.student_id = :id::uuid
       ORDER BY ${folded('g.last_name')}, ${folded('g.first_name')}, g.id`,
      bound,
    ) as PromiseLike<{ rows: GuardianOfStudent[] }>,
    trx.raw(
      `SELECT y.id AS year_id, y.name AS year_name, y.is_current, c.id AS class_id, c.name AS class_name, e.since
       FROM enrolments e JOIN school_years y ON y.id = e.school_year_id JOIN classes c ON c.id = e.class_id
       WHERE e.student_id = :id::uuid ORDER BY y.starts_on DESC`,
      bound,
    ) as PromiseLike<{ rows: EnrolmentOfStudent[] }>,
  ]);
  const student = found.rows[0];
  if (!student) throw new AppError('not_found');
  const people = await peopleOf(trx, [id, ...guardians.rows.map((row) => row.id)]);
  const isFamily = !reach.all && !reach.teaches;
  const own = isFamily ? await recordOf(trx, reach.userId) : null;
  return {
    student: reach.teaches ? Object.assign(student, { address: null }) : student,
    // One parent is not told where the other can be reached: they may be apart for a reason.
    guardians: guardians.rows.map((row) => ({
      ...row,
      ...(isFamily && row.id !== own ? { email: null, phone: null } : {}),
      has_account: people.has(row.id),
    })),
    enrolments: enrolments.rows,
    account: reach.all ? (people.get(id) ?? null) : null,
  };
}
