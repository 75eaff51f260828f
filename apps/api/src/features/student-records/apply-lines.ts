import type { ImportAction } from '@preau/contracts/vocabulary';
import type { TenantScope } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import type { FieldProblem } from '../../platform/app-error.ts';
import { auditTenant, type Origin } from '../audit/index.ts';
import { keepClassGroups } from './class-groups.ts';
import { enterClass } from './class.service.ts';
import { studentOfLine, type GuardianOfLine, type StudentOfLine } from './import-line.ts';
import {
  classKey,
  findGuardian,
  newOfGuardian,
  planLine,
  type LinePlan,
  type Roster,
} from './import-plan.ts';
import { StudentImport, StudentImportLine } from './import.model.ts';
import { rosterOf } from './import.read-model.ts';
import { Enrolment, Guardian, GuardianshipRow, Student } from './roster.model.ts';
import { lockRoster, moveSeats, seatRecord, seatsOf } from './seats.repository.ts';

interface Outcome {
  line: number;
  outcome: ImportAction;
  student_id: string | null;
  problems: FieldProblem[];
}

const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((value, at) => value === other[at]);

/** Whether what a line comes to now is what was confirmed; what is as it should be already needs no confirmation. */
const isAsChecked = (plan: LinePlan, { planned, changes }: StudentImportLine): boolean =>
  plan.action === planned && same(plan.changes, changes.toSorted());

/**
 * Does the next lines of an import: all of them or, should it fail, none. The seats are held first, so that what is free is what
 * the lines may take, and rows are only then touched.
 * @returns how many lines; 0 when there are none left.
 */
export async function applyLines(
  scope: TenantScope,
  origin: Origin,
  importId: string,
  limit: number,
): Promise<number> {
  const { trx } = scope;
  await lockRoster(trx);
  const { used, room } = await seatsOf(trx, { hold: true });
  const found = await StudentImport.query(trx).findById(importId);
  const lines = await StudentImportLine.query(trx)
    .where({ import_id: importId })
    .whereNull('outcome')
    .orderBy('line')
    .limit(limit);
  if (!found || lines.length === 0) return 0;
  const read = lines.map((line) => ({ line, student: studentOfLine(line.cells ?? {}) }));
  const roster = await rosterOf(
    trx,
    found.school_year_id,
    read.map(({ student }) => student),
  );
  const work = createWork(scope, origin, found, roster);
  let free = Math.max(0, room - used);
  const outcomes: Outcome[] = [];
  for (const { line, student } of read) {
    const refuse = (...problems: FieldProblem[]): void =>
      void outcomes.push({ line: line.line, outcome: 'refused', student_id: null, problems });
    if (line.planned === 'refused') {
      refuse(...(line.problems ?? []));
      continue;
    }
    const plan = planLine(student, roster);
    const classMissing =
      student.class !== null &&
      !roster.classes.has(classKey(student.class)) &&
      !found.new_classes.some((name) => classKey(name) === classKey(student.class ?? ''));
    if (plan.action === 'refused') refuse(...plan.problems);
    else if (plan.action === 'unchanged')
      outcomes.push({
        line: line.line,
        outcome: 'unchanged',
        student_id: plan.student?.id ?? null,
        problems: [],
      });
    else if (!isAsChecked(plan, line)) refuse({ path: '', code: 'changed_since_check' });
    else if (classMissing) refuse({ path: 'class', code: 'class_unknown', values: { name: student.class } });
    else if (plan.needsSeat && free === 0) refuse({ path: '', code: 'no_seat', values: { limit: room } });
    else {
      if (plan.needsSeat) free -= 1;
      const id = await work.enter(student, plan);
      outcomes.push({ line: line.line, outcome: plan.action, student_id: id, problems: [] });
    }
  }
  await work.write();
  await trx.raw(
    `UPDATE student_import_lines l SET outcome = o.outcome, student_id = coalesce(o.student_id, l.student_id), problems = o.problems
     FROM jsonb_to_recordset(?::jsonb) AS o (line int, outcome text, student_id uuid, problems jsonb)
     WHERE l.import_id = ? AND l.line = o.line`,
    [JSON.stringify(outcomes), importId],
  );
  return lines.length;
}

/** Gathers what a chunk of lines writes, so that it is a handful of statements. */
function createWork(scope: TenantScope, origin: Origin, found: StudentImport, roster: Roster) {
  const { trx } = scope;
  const students: Partial<Student>[] = [];
  const guardians: Partial<Guardian>[] = [];
  const ties: Partial<GuardianshipRow>[] = [];
  const enrolments: Partial<Enrolment>[] = [];
  const updated: { id: string; changed: string[] }[] = [];
  const classes = new Set<string>();

  async function classFor(name: string): Promise<string> {
    const known = roster.classes.get(classKey(name));
    if (known !== undefined) return known;
    const id = await enterClass(scope, origin, { name, school_year_id: found.school_year_id });
    roster.classes.set(classKey(name), id);
    return id;
  }

  async function tie(studentId: string, isNew: boolean, wanted: GuardianOfLine): Promise<void> {
    let guardian = findGuardian(wanted, isNew ? null : studentId, roster);
    if (!guardian) {
      const { relation: _, ...person } = wanted;
      guardian = { id: uuidv7(), email: null, phone: null, address: null, ...person } as Guardian;
      guardians.push(guardian);
      // A brother or a sister further down has the same one.
      roster.guardians.push(guardian);
    } else {
      const news = newOfGuardian(wanted, guardian);
      const unwritten = guardians.some(({ id }) => id === guardian?.id);
      if (Object.keys(news).length > 0 && !unwritten)
        await trx.raw(
          `UPDATE guardians SET email = coalesce(?, email), phone = coalesce(?, phone), updated_at = now(),
             version = version + 1 WHERE id = ?`,
          [news.email ?? null, news.phone ?? null, guardian.id] as never,
        );
      Object.assign(guardian, news);
    }
    const own = roster.guardiansOf.get(studentId) ?? new Set();
    if (own.has(guardian.id)) return;
    roster.guardiansOf.set(studentId, own.add(guardian.id));
    ties.push({ student_id: studentId, guardian_id: guardian.id, relation: wanted.relation });
  }

  async function change(student: Student, { fields }: StudentOfLine, changed: string[]): Promise<void> {
    const returns = changed.includes('status');
    if (returns) await seatRecord(trx, student.id, true);
    await Student.query(trx)
      .patch({
        ...fields,
        ...(returns ? { status: 'enrolled', left_on: null } : {}),
        updated_at: new Date(),
        version: student.version + 1,
      })
      .where({ id: student.id });
    updated.push({ id: student.id, changed });
  }

  return {
    /** Enters or changes the student of a line. @returns their id. */
    async enter(line: StudentOfLine, { student, changes }: LinePlan): Promise<string> {
      const id = student?.id ?? uuidv7();
      if (student) await change(student, line, changes);
      else students.push({ id, ...line.fields, status: 'enrolled' });
      if (line.class !== null) {
        const classId = await classFor(line.class);
        const before = roster.classOf.get(id);
        if (before !== classId) {
          enrolments.push({ student_id: id, school_year_id: found.school_year_id, class_id: classId });
          if (before) classes.add(before);
        }
        classes.add(classId);
      }
      for (const guardian of line.guardians) await tie(id, student === null, guardian);
      return id;
    },

    async write(): Promise<void> {
      if (students.length > 0) {
        await moveSeats(trx, students.length);
        await Student.query(trx).insert(students);
      }
      if (guardians.length > 0) await Guardian.query(trx).insert(guardians);
      if (ties.length > 0) await GuardianshipRow.query(trx).insert(ties);
      if (enrolments.length > 0)
        await Enrolment.query(trx)
          .insert(enrolments)
          .onConflict(['student_id', 'school_year_id'])
          .merge(['class_id']);
      if (students.length + updated.length > 0)
        await auditTenant(trx, origin, {
          action: 'student_import.apply',
          target: { type: 'student_import', id: found.id },
          after: { created: students.map(({ id }) => id), updated },
        });
      await keepClassGroups(scope, classes);
    },
  };
}
