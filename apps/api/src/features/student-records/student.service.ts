import type { Guardianship } from '@preau/contracts/roster-fields';
import type { StudentCreate, StudentFilters, StudentPatch, StudentQuery } from '@preau/contracts/students';
import type { Tenancy, TenantRef, TenantScope, TenantTrx } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { violatesUnique } from '../../platform/database-errors.ts';
import { auditTenant, type Actor, type Origin } from '../audit/index.ts';
import { SEATS, type QuotaLevels } from '../quotas/index.ts';
import { classesOfRecords, keepClassGroups, keepGroupsOf } from './class-groups.ts';
import { reachOf, type Reach } from './reach.ts';
import { Enrolment, Guardian, GuardianshipRow, SchoolClass, Student } from './roster.model.ts';
import {
  endRecordInvitations,
  forgetRecord,
  lockRoster,
  moveSeats,
  seatRecord,
  seatsOf,
} from './seats.repository.ts';
import { changedFields, shownPerson } from './shown-person.ts';
import { exportRows } from './student-export.ts';
import { getStudentDetail, listStudentRows, type StudentDetail } from './student.read-model.ts';

export type StudentService = ReturnType<typeof createStudentService>;

const EVERYONE: Reach = { all: true, teaches: false, userId: null };
const target = (id: string) => ({ type: 'student', id });
const known = (error: unknown): unknown =>
  violatesUnique(error, 'students_external_index') ? new AppError('student_known') : error;
const tidy = <T extends object>(input: T): T =>
  Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name, typeof value === 'string' ? value.trim() : value]),
  ) as T;

/** Enters a student inside a transaction of the caller's. Throws `seats_exhausted`, `student_known`. */
export async function enterStudent(
  scope: TenantScope,
  origin: Origin,
  { class_id: classId, ...input }: StudentCreate,
): Promise<string> {
  const { trx } = scope;
  await lockRoster(trx);
  await moveSeats(trx, 1);
  const fields = tidy(input);
  const student = await Student.query(trx)
    .insert({ ...fields, id: uuidv7(), status: 'enrolled' } as Partial<Student>)
    .returning('*')
    .catch((error: unknown) => {
      throw known(error);
    });
  await auditTenant(trx, origin, {
    action: 'student.create',
    target: target(student.id),
    after: { ...shownPerson(fields), ...(classId ? { class_id: classId } : {}) },
  });
  if (classId) {
    await putInClass(trx, student.id, await classOf(trx, classId));
    await keepClassGroups(scope, [classId]);
  }
  return student.id;
}

async function classOf(trx: TenantTrx, id: string): Promise<SchoolClass> {
  const found = await SchoolClass.query(trx).findById(id);
  if (!found) throw fieldError('class_id', 'unknown_reference', { value: id });
  return found;
}

export async function putInClass(trx: TenantTrx, studentId: string, schoolClass: SchoolClass): Promise<void> {
  await Enrolment.query(trx)
    .insert({ student_id: studentId, school_year_id: schoolClass.school_year_id, class_id: schoolClass.id })
    .onConflict(['student_id', 'school_year_id'])
    .merge(['class_id']);
}

/** Says what a guardian is to a student, in a transaction of the caller's. */
export async function putGuardian(
  scope: TenantScope,
  origin: Origin,
  studentId: string,
  guardianId: string,
  { relation, may_be_written_to: written = true, may_collect: collect = false }: Guardianship,
): Promise<void> {
  const { trx } = scope;
  const row = { relation, may_be_written_to: written, may_collect: collect };
  await GuardianshipRow.query(trx)
    .insert({ student_id: studentId, guardian_id: guardianId, ...row })
    .onConflict(['student_id', 'guardian_id'])
    .merge(Object.keys(row));
  await auditTenant(trx, origin, {
    action: 'student.guardian',
    target: target(studentId),
    after: { guardian_id: guardianId, ...row },
  });
  await keepGroupsOf(scope, [studentId]);
}

/** Students of a school. */
export function createStudentService({ tenancy, levels }: { tenancy: Tenancy; levels: QuotaLevels }) {
  async function locked(trx: TenantTrx, id: string, expected?: number): Promise<Student> {
    const student = await Student.query(trx).findById(id).forUpdate();
    if (!student) throw new AppError('not_found');
    if (expected !== undefined && student.version !== expected) throw new AppError('precondition_failed');
    return student;
  }
  const detail = (trx: TenantTrx, id: string): Promise<StudentDetail> => getStudentDetail(trx, EVERYONE, id);
  const bump = (trx: TenantTrx, id: string) =>
    trx.raw('UPDATE students SET updated_at = now(), version = version + 1 WHERE id = ?', [id]);
  const tellSeats = ({ afterCommit, tenant }: TenantScope): void =>
    afterCommit(() => levels.tell(SEATS, tenant.id));

  async function setStatus(scope: TenantScope, before: Student, status: Student['status']): Promise<void> {
    await seatRecord(scope.trx, before.id, status === 'enrolled');
    if (status === 'left') await endRecordInvitations(scope.trx, before.id);
    tellSeats(scope);
  }

  return {
    list: (tenant: TenantRef, actor: Actor, query: StudentQuery) =>
      tenancy.read(tenant, ({ trx }) => listStudentRows(trx, reachOf(actor), query)),

    get: (tenant: TenantRef, actor: Actor, id: string): Promise<StudentDetail> =>
      tenancy.read(tenant, ({ trx }) => getStudentDetail(trx, reachOf(actor), id)),

    seats: (tenant: TenantRef) => tenancy.read(tenant, ({ trx }) => seatsOf(trx)),

    /** All students of a filter at once. It holds much of children: that it went out is in the trail. */
    exportRows: (tenant: TenantRef, origin: Origin, filters: StudentFilters) =>
      tenancy.write(tenant, async ({ trx }) => {
        const rows = await exportRows(trx, reachOf(origin.actor), filters);
        await auditTenant(trx, origin, {
          action: 'student.export',
          target: { type: 'students', id: null },
          after: { students: rows.length },
        });
        return rows;
      }),

    create: (tenant: TenantRef, origin: Origin, input: StudentCreate): Promise<StudentDetail> =>
      tenancy.write(tenant, async (scope) => {
        const id = await enterStudent(scope, origin, input);
        tellSeats(scope);
        return detail(scope.trx, id);
      }),

    update: (
      tenant: TenantRef,
      origin: Origin,
      id: string,
      input: StudentPatch,
      expected?: number,
    ): Promise<StudentDetail> =>
      tenancy.write(tenant, async (scope) => {
        const { trx } = scope;
        if (input.status !== undefined) await lockRoster(trx);
        const before = await locked(trx, id, expected);
        const patch = tidy(input);
        const moves = patch.status !== undefined && patch.status !== before.status;
        if (moves && patch.status) await setStatus(scope, before, patch.status);
        const fields = changedFields(before, patch);
        await Student.query(trx)
          .patch({
            ...patch,
            ...(moves
              ? { left_on: patch.status === 'left' ? (new Date().toISOString().slice(0, 10) as never) : null }
              : {}),
            updated_at: new Date(),
            version: before.version + 1,
          } as Partial<Student>)
          .where({ id })
          .catch((error: unknown) => {
            throw known(error);
          });
        await auditTenant(trx, origin, {
          action: 'student.update',
          target: target(id),
          before: shownPerson(pick(before, fields)),
          after: { ...shownPerson(pick(patch, fields)), changed: fields },
        });
        if (moves) await keepGroupsOf(scope, [id]);
        return detail(trx, id);
      }),

    remove: (tenant: TenantRef, origin: Origin, id: string, expected?: number): Promise<void> =>
      tenancy.write(tenant, async (scope) => {
        const { trx } = scope;
        await lockRoster(trx);
        const before = await locked(trx, id, expected);
        const classes = await classesOfRecords(scope, [id]);
        if (before.status === 'enrolled') await seatRecord(trx, id, false);
        await forgetRecord(trx, id);
        await Enrolment.query(trx).delete().where({ student_id: id });
        await GuardianshipRow.query(trx).delete().where({ student_id: id });
        await Student.query(trx).deleteById(id);
        await auditTenant(trx, origin, {
          action: 'student.delete',
          target: target(id),
          before: shownPerson({ last_name: before.last_name, first_name: before.first_name }),
        });
        await keepClassGroups(scope, classes);
        tellSeats(scope);
      }),

    /** Puts a student into a class; they have one in its year. */
    enrol: (tenant: TenantRef, origin: Origin, id: string, classId: string): Promise<StudentDetail> =>
      tenancy.write(tenant, async (scope) => {
        const { trx } = scope;
        await locked(trx, id);
        const schoolClass = await SchoolClass.query(trx).findById(classId);
        if (!schoolClass) throw new AppError('not_found');
        const before = await Enrolment.query(trx).findById([id, schoolClass.school_year_id]);
        await putInClass(trx, id, schoolClass);
        await bump(trx, id);
        await auditTenant(trx, origin, {
          action: 'student.class',
          target: target(id),
          before: { class_id: before?.class_id ?? null },
          after: { class_id: classId },
        });
        await keepClassGroups(scope, [classId, ...(before ? [before.class_id] : [])]);
        return detail(trx, id);
      }),

    unenrol: (tenant: TenantRef, origin: Origin, id: string, classId: string): Promise<void> =>
      tenancy.write(tenant, async (scope) => {
        const { trx } = scope;
        await locked(trx, id);
        const gone = await Enrolment.query(trx).delete().where({ student_id: id, class_id: classId });
        if (gone === 0) throw new AppError('not_found');
        await bump(trx, id);
        await auditTenant(trx, origin, {
          action: 'student.class',
          target: target(id),
          before: { class_id: classId },
        });
        await keepClassGroups(scope, [classId]);
      }),

    tieGuardian: (
      tenant: TenantRef,
      origin: Origin,
      id: string,
      guardianId: string,
      tie: Guardianship,
    ): Promise<StudentDetail> =>
      tenancy.write(tenant, async (scope) => {
        const { trx } = scope;
        await locked(trx, id);
        if (!(await Guardian.query(trx).findById(guardianId))) throw new AppError('not_found');
        await putGuardian(scope, origin, id, guardianId, tie);
        await bump(trx, id);
        return detail(trx, id);
      }),

    untieGuardian: (tenant: TenantRef, origin: Origin, id: string, guardianId: string): Promise<void> =>
      tenancy.write(tenant, async (scope) => {
        const { trx } = scope;
        await locked(trx, id);
        const gone = await GuardianshipRow.query(trx).deleteById([id, guardianId]);
        if (gone === 0) throw new AppError('not_found');
        await bump(trx, id);
        await auditTenant(trx, origin, {
          action: 'student.guardian',
          target: target(id),
          before: { guardian_id: guardianId },
        });
        await keepGroupsOf(scope, [id]);
      }),
  };
}

const pick = (row: object, fields: readonly string[]): object =>
  Object.fromEntries(Object.entries(row).filter(([name]) => fields.includes(name)));
