import type { ImportAction } from '@preau/contracts/vocabulary';
import { foldedText } from '../../database/folded.ts';
import type { FieldProblem } from '../../platform/app-error.ts';
import { nameKey, type GuardianOfLine, type StudentOfLine } from './import-line.ts';
import type { Guardian, Student } from './roster.model.ts';

/** What there is that lines may be about. */
export interface Roster {
  students: readonly Student[];
  /** Class of the year by student. */
  classOf: ReadonlyMap<string, string>;
  /** Classes of the year by {@link classKey}. */
  classes: Map<string, string>;
  guardians: Guardian[];
  /** Ids of guardians by student. */
  guardiansOf: Map<string, Set<string>>;
}

export interface LinePlan {
  action: ImportAction;
  /** The student there is; null for one to make. */
  student: Student | null;
  changes: string[];
  problems: FieldProblem[];
  /** Takes a seat that they do not hold. */
  needsSeat: boolean;
}

export const classKey = (name: string): string => foldedText(name).trim();

const refused = (...problems: FieldProblem[]): LinePlan => ({
  action: 'refused',
  student: null,
  changes: [],
  problems,
  needsSeat: false,
});

function matching({ fields }: StudentOfLine, { students }: Roster): Student[] {
  const { external_id: number, last_name: last, first_name: first, birth_date: birth } = fields;
  const byNumber = number === undefined ? [] : students.filter((one) => one.external_id === number);
  if (byNumber.length > 0 || birth === undefined) return byNumber;
  const key = nameKey(last, first);
  return students.filter(
    (one) =>
      one.birth_date === birth &&
      nameKey(one.last_name, one.first_name) === key &&
      // Another number is another child, however alike they are.
      (number === undefined || one.external_id === null),
  );
}

/** The guardian of a line among those there are: of the student, or of a brother or a sister. */
export function findGuardian(
  wanted: GuardianOfLine,
  studentId: string | null,
  { guardians, guardiansOf }: Roster,
): Guardian | undefined {
  const key = nameKey(wanted.last_name, wanted.first_name);
  const own = studentId === null ? undefined : guardiansOf.get(studentId);
  const alike = guardians.filter((one) => nameKey(one.last_name, one.first_name) === key);
  return (
    alike.find(({ id }) => own?.has(id)) ??
    alike.find(
      ({ email, phone }) =>
        (wanted.email !== undefined && email?.toLowerCase() === wanted.email) ||
        (wanted.email === undefined && wanted.phone !== undefined && phone === wanted.phone),
    )
  );
}

/** What a line says of a guardian that their record does not. */
export const newOfGuardian = (
  { email, phone }: GuardianOfLine,
  there: Guardian,
): Partial<Pick<Guardian, 'email' | 'phone'>> => ({
  ...(email !== undefined && email !== there.email ? { email } : {}),
  ...(phone !== undefined && phone !== there.phone ? { phone } : {}),
});

/** What a line comes to, by what is there now. */
export function planLine(line: StudentOfLine, roster: Roster): LinePlan {
  if (line.problems.length > 0) return refused(...line.problems);
  const found = matching(line, roster);
  if (found.length > 1) return refused({ path: 'external_id', code: 'several_match' });
  const [student] = found;
  if (!student) return { action: 'create', student: null, changes: [], problems: [], needsSeat: true };
  const changes = Object.entries(line.fields)
    .filter(([name, value]) => student[name as keyof Student] !== value)
    .map(([name]) => name);
  if (line.class !== null) {
    const id = roster.classes.get(classKey(line.class));
    if (id === undefined || roster.classOf.get(student.id) !== id) changes.push('class');
  }
  const isNew = (guardian: GuardianOfLine): boolean => {
    const there = findGuardian(guardian, student.id, roster);
    return (
      !there ||
      !roster.guardiansOf.get(student.id)?.has(there.id) ||
      Object.keys(newOfGuardian(guardian, there)).length > 0
    );
  };
  if (line.guardians.some(isNew)) changes.push('guardians');
  const returns = student.status === 'left';
  if (returns) changes.push('status');
  return {
    action: changes.length > 0 ? 'update' : 'unchanged',
    student,
    changes: changes.toSorted(),
    problems: [],
    needsSeat: returns,
  };
}

export interface CheckedLine {
  line: number;
  student: StudentOfLine;
  plan: LinePlan;
}

const keyOf = ({ fields }: StudentOfLine): string =>
  fields.external_id ?? `${nameKey(fields.last_name, fields.first_name)}|${fields.birth_date ?? ''}`;

/** Plans a whole file in its order: a student that comes twice counts once, and seats go to the first lines. */
export function planFile(
  lines: readonly { line: number; student: StudentOfLine }[],
  roster: Roster,
  seats: { used: number; room: number },
): CheckedLine[] {
  const seen = new Map<string, number>();
  let free = Math.max(0, seats.room - seats.used);
  return lines.map(({ line, student }) => {
    const first = seen.get(keyOf(student));
    let plan = planLine(student, roster);
    if (first !== undefined && plan.action !== 'refused')
      plan = refused({ path: '', code: 'line_repeated', values: { line: first } });
    if (plan.needsSeat && plan.action !== 'refused') {
      if (free === 0) plan = refused({ path: '', code: 'no_seat', values: { limit: seats.room } });
      else free -= 1;
    }
    if (first === undefined) seen.set(keyOf(student), line);
    return { line, student, plan };
  });
}
