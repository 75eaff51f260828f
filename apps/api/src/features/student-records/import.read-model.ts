import type { StudentImportLineQuery } from '@preau/contracts/student-imports';
import type { ImportAction } from '@preau/contracts/vocabulary';
import { together, type TenantTrx } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import type { StudentOfLine } from './import-line.ts';
import { classKey, type Roster } from './import-plan.ts';
import type { StudentImport, StudentImportLine } from './import.model.ts';
import type { Guardian, SchoolClass, Student } from './roster.model.ts';

type Counts = Record<'lines' | ImportAction, number>;
export type ImportRow = StudentImport & { year_name: string; planned: Counts; done: Counts };

const counts = (column: string): string =>
  `jsonb_build_object('lines', count(l.${column}), ${['create', 'update', 'unchanged', 'refused']
    .map((action) => `'${action}', count(*) FILTER (WHERE l.${column} = '${action}')`)
    .join(', ')})`;
const ROW = `i.*, y.name AS year_name,
  (SELECT ${counts('planned')} FROM student_import_lines l WHERE l.import_id = i.id) AS planned,
  (SELECT ${counts('outcome')} FROM student_import_lines l WHERE l.import_id = i.id) AS done
  FROM student_imports i JOIN school_years y ON y.id = i.school_year_id`;

export async function listImportRows(
  trx: TenantTrx,
  { page = 1, page_size: size = 20 }: { page?: number; page_size?: number },
): Promise<{ count: number; rows: ImportRow[] }> {
  const [counted, listed] = await together([
    trx.raw('SELECT count(*)::int AS count FROM student_imports') as PromiseLike<{
      rows: { count: number }[];
    }>,
    trx.raw(`SELECT ${ROW} ORDER BY i.id DESC LIMIT ? OFFSET ?`, [size, (page - 1) * size]) as PromiseLike<{
      rows: ImportRow[];
    }>,
  ]);
  return { count: counted.rows[0]?.count ?? 0, rows: listed.rows };
}

/** Throws `not_found`. */
export async function getImportRow(trx: TenantTrx, id: string): Promise<ImportRow> {
  const { rows } = await trx.raw(`SELECT ${ROW} WHERE i.id = ?`, [id]);
  if (!rows[0]) throw new AppError('not_found');
  return rows[0];
}

/** A page of the lines of an import, or all of them without a size. What a line came to decides before what was planned. */
export async function listImportLines(
  trx: TenantTrx,
  id: string,
  { page = 1, page_size: size, action }: StudentImportLineQuery,
): Promise<{ count: number; rows: StudentImportLine[] }> {
  const from = `FROM student_import_lines WHERE import_id = :id ${action ? 'AND coalesce(outcome, planned) = :action' : ''}`;
  const values = {
    id,
    action: action ?? null,
    size: size ?? null,
    offset: (page - 1) * (size ?? 0),
  } as never;
  const [counted, listed] = await together([
    trx.raw(`SELECT count(*)::int AS count ${from}`, values) as PromiseLike<{ rows: { count: number }[] }>,
    trx.raw(`SELECT * ${from} ORDER BY line LIMIT :size OFFSET :offset`, values) as PromiseLike<{
      rows: StudentImportLine[];
    }>,
  ]);
  return { count: counted.rows[0]?.count ?? 0, rows: listed.rows };
}

/** All that these lines may be about. */
export async function rosterOf(
  trx: TenantTrx,
  yearId: string,
  lines: readonly StudentOfLine[],
): Promise<Roster> {
  const values = {
    yearId,
    numbers: lines.flatMap(({ fields }) => fields.external_id ?? []),
    births: lines.flatMap(({ fields }) => fields.birth_date ?? []),
    emails: lines.flatMap(({ guardians }) => guardians.flatMap(({ email }) => email ?? [])),
    phones: lines.flatMap(({ guardians }) => guardians.flatMap(({ phone }) => phone ?? [])),
  } as never;
  const WANTED =
    'SELECT id FROM students WHERE external_id = ANY (:numbers::text[]) OR birth_date = ANY (:births::date[])';
  type Rows<T> = PromiseLike<{ rows: T[] }>;
  const [students, classes, enrolled, guardians, ties] = await together([
    trx.raw(
      'SELECT * FROM students WHERE external_id = ANY (:numbers::text[]) OR birth_date = ANY (:births::date[])',
      values,
    ) as Rows<Student>,
    trx.raw('SELECT id, name FROM classes WHERE school_year_id = :yearId', values) as Rows<SchoolClass>,
    trx.raw(
      `SELECT student_id, class_id FROM enrolments WHERE school_year_id = :yearId AND student_id IN (${WANTED})`,
      values,
    ) as Rows<{ student_id: string; class_id: string }>,
    trx.raw(
      `SELECT * FROM guardians WHERE lower(email) = ANY (:emails::text[]) OR phone = ANY (:phones::text[])
         OR id IN (SELECT guardian_id FROM guardianships WHERE student_id IN (${WANTED})) ORDER BY id`,
      values,
    ) as Rows<Guardian>,
    trx.raw(
      `SELECT student_id, guardian_id FROM guardianships WHERE student_id IN (${WANTED})`,
      values,
    ) as Rows<{ student_id: string; guardian_id: string }>,
  ]);
  const guardiansOf = new Map<string, Set<string>>();
  for (const { student_id: student, guardian_id: guardian } of ties.rows)
    guardiansOf.set(student, (guardiansOf.get(student) ?? new Set()).add(guardian));
  return {
    students: students.rows,
    classes: new Map(classes.rows.map(({ id, name }) => [classKey(name), id])),
    classOf: new Map(enrolled.rows.map((row) => [row.student_id, row.class_id])),
    guardians: guardians.rows,
    guardiansOf,
  };
}
