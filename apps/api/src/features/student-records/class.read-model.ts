import type { ClassQuery } from '@preau/contracts/classes';
import { together, type TenantTrx } from '@preau/tenancy';
import { containing, folded } from '../../database/folded.ts';
import { AppError } from '../../platform/app-error.ts';
import { reachedClasses, type Reach } from './reach.ts';
import type { SchoolClass, SchoolYear } from './roster.model.ts';
import { YEAR } from './student.read-model.ts';

export interface TeacherOfClass {
  id: string;
  first_name: string;
  last_name: string;
  subject: string;
  is_main: boolean;
}
export type ClassRow = SchoolClass & {
  year_name: string;
  year_is_current: boolean;
  student_count: number;
  teachers: TeacherOfClass[];
};
export type YearRow = SchoolYear & { class_count: number; student_count: number };

const CLASS = `c.*, y.name AS year_name, y.is_current AS year_is_current,
  (SELECT count(*)::int FROM enrolments e JOIN students s ON s.id = e.student_id
   WHERE e.class_id = c.id AND s.status = 'enrolled') AS student_count,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'first_name', p.first_name, 'last_name', p.last_name,
      'subject', p.subject, 'is_main', t.is_main) ORDER BY t.is_main DESC, p.last_name, p.first_name), '[]')
   FROM class_teachers t JOIN staff_records p ON p.id = t.staff_id WHERE t.class_id = c.id) AS teachers`;
const FROM = 'FROM classes c JOIN school_years y ON y.id = c.school_year_id';

/** Classes of a year that somebody reaches. */
export async function listClassRows(
  trx: TenantTrx,
  reach: Reach,
  { page = 1, page_size: size = 20, search, school_year: year }: ClassQuery,
): Promise<{ count: number; rows: ClassRow[] }> {
  const where = [`c.school_year_id = ${YEAR}`, reachedClasses(reach)];
  if (search?.trim()) where.push(`${folded("concat_ws(' ', c.name, c.level)")} LIKE :search`);
  const values = {
    me: reach.userId,
    year: year ?? null,
    search: search?.trim() ? containing(search.trim()) : null,
    size,
    offset: (page - 1) * size,
  } as never;
  const from = `${FROM} WHERE ${where.join(' AND ')}`;
  const [counted, listed] = await together([
    trx.raw(`SELECT count(*)::int AS count ${from}`, values) as PromiseLike<{ rows: { count: number }[] }>,
    trx.raw(
      `SELECT ${CLASS} ${from} ORDER BY ${folded('c.name')}, c.id LIMIT :size OFFSET :offset`,
      values,
    ) as PromiseLike<{ rows: ClassRow[] }>,
  ]);
  return { count: counted.rows[0]?.count ?? 0, rows: listed.rows };
}

/** A class that somebody reaches. Throws `not_found`. */
export async function getClassRow(trx: TenantTrx, reach: Reach, id: string): Promise<ClassRow> {
  const { rows } = await trx.raw(
    `SELECT ${CLASS} ${FROM} WHERE c.id = :id::uuid AND ${reachedClasses(reach)}`,
    {
      id,
      me: reach.userId,
    } as never,
  );
  if (!rows[0]) throw new AppError('not_found');
  return rows[0];
}

const YEAR_ROW = `y.*, (SELECT count(*)::int FROM classes c WHERE c.school_year_id = y.id) AS class_count,
  (SELECT count(*)::int FROM enrolments e WHERE e.school_year_id = y.id) AS student_count FROM school_years y`;

export async function listYearRows(
  trx: TenantTrx,
  { page = 1, page_size: size = 20 }: { page?: number; page_size?: number },
): Promise<{ count: number; rows: YearRow[] }> {
  const [counted, listed] = await together([
    trx.raw('SELECT count(*)::int AS count FROM school_years') as PromiseLike<{ rows: { count: number }[] }>,
    trx.raw(`SELECT ${YEAR_ROW} ORDER BY y.starts_on DESC, y.id LIMIT ? OFFSET ?`, [
      size,
      (page - 1) * size,
    ]) as PromiseLike<{ rows: YearRow[] }>,
  ]);
  return { count: counted.rows[0]?.count ?? 0, rows: listed.rows };
}

/** Throws `not_found`. */
export async function getYearRow(trx: TenantTrx, id: string): Promise<YearRow> {
  const { rows } = await trx.raw(`SELECT ${YEAR_ROW} WHERE y.id = ?`, [id]);
  if (!rows[0]) throw new AppError('not_found');
  return rows[0];
}
