import type { ClassCreate, ClassPatch, ClassQuery, ClassTeachers } from '@preau/contracts/classes';
import type { Tenancy, TenantRef, TenantScope, TenantTrx } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { violatesUnique } from '../../platform/database-errors.ts';
import { auditTenant, type Actor, type Origin } from '../audit/index.ts';
import { dropKeptGroup } from '../groups/index.ts';
import { classSource, keepClassGroups } from './class-groups.ts';
import { getClassRow, listClassRows, type ClassRow } from './class.read-model.ts';
import { reachOf } from './reach.ts';
import { ClassTeacher, Enrolment, SchoolClass, SchoolYear, StaffRecord } from './roster.model.ts';

export type ClassService = ReturnType<typeof createClassService>;

const EVERYONE = { all: true, teaches: false, userId: null };
const target = (id: string) => ({ type: 'class', id });
const nameTaken = (error: unknown, name: string | undefined): unknown =>
  violatesUnique(error, 'classes_name_index') ? fieldError('name', 'taken', { value: name }) : error;

/** The year of that id, or the current one. Throws `no_current_year`. */
export async function yearOrCurrent(trx: TenantTrx, id: string | undefined): Promise<SchoolYear> {
  const year = id
    ? await SchoolYear.query(trx).findById(id)
    : await SchoolYear.query(trx).findOne({ is_current: true });
  if (!year && id) throw fieldError('school_year_id', 'unknown_reference', { value: id });
  if (!year) throw new AppError('no_current_year');
  return year;
}

/** Makes a class and its group in a transaction of the caller's. Throws `no_current_year`, `invalid_input` for a name that is taken. */
export async function enterClass(
  scope: TenantScope,
  origin: Origin,
  { name, level = '', school_year_id: yearId }: ClassCreate,
): Promise<string> {
  const { trx } = scope;
  const year = await yearOrCurrent(trx, yearId);
  const id = uuidv7();
  const fields = { name: name.trim(), level: level.trim(), school_year_id: year.id };
  await SchoolClass.query(trx)
    .insert({ id, ...fields })
    .catch((error: unknown) => {
      throw nameTaken(error, fields.name);
    });
  await auditTenant(trx, origin, { action: 'class.create', target: target(id), after: fields });
  await keepClassGroups(scope, [id]);
  return id;
}

/** Says who teaches a class, in a transaction of the caller's. */
export async function putTeachers(
  scope: TenantScope,
  origin: Origin,
  classId: string,
  { teachers }: ClassTeachers,
): Promise<void> {
  const { trx } = scope;
  const ids = teachers.map(({ staff_id: id }) => id);
  const known = await StaffRecord.query(trx).findByIds(ids);
  const stranger = ids.find((id) => !known.some((one) => one.id === id));
  if (stranger) throw fieldError('teachers', 'unknown_reference', { value: stranger });
  await ClassTeacher.query(trx).delete().where({ class_id: classId });
  const rows = new Map(
    teachers.map(({ staff_id, is_main = false }) => [staff_id, { class_id: classId, staff_id, is_main }]),
  );
  if (rows.size > 0) await ClassTeacher.query(trx).insert([...rows.values()]);
  await auditTenant(trx, origin, {
    action: 'class.teachers',
    target: target(classId),
    after: { teachers: [...rows.keys()] },
  });
  await keepClassGroups(scope, [classId]);
}

/** Classes of a school. Each keeps a group, so that what is for groups is for classes too. */
export function createClassService({ tenancy }: { tenancy: Tenancy }) {
  async function locked(trx: TenantTrx, id: string, expected?: number): Promise<SchoolClass> {
    const found = await SchoolClass.query(trx).findById(id).forUpdate();
    if (!found) throw new AppError('not_found');
    if (expected !== undefined && found.version !== expected) throw new AppError('precondition_failed');
    return found;
  }

  return {
    list: (tenant: TenantRef, actor: Actor, query: ClassQuery) =>
      tenancy.read(tenant, ({ trx }) => listClassRows(trx, reachOf(actor), query)),

    get: (tenant: TenantRef, actor: Actor, id: string): Promise<ClassRow> =>
      tenancy.read(tenant, ({ trx }) => getClassRow(trx, reachOf(actor), id)),

    create: (tenant: TenantRef, origin: Origin, input: ClassCreate): Promise<ClassRow> =>
      tenancy.write(tenant, async (scope) =>
        getClassRow(scope.trx, EVERYONE, await enterClass(scope, origin, input)),
      ),

    update: (tenant: TenantRef, origin: Origin, id: string, input: ClassPatch, expected?: number) =>
      tenancy.write(tenant, async (scope): Promise<ClassRow> => {
        const { trx } = scope;
        const { name, level, version } = await locked(trx, id, expected);
        const patch = {
          ...(input.name === undefined ? {} : { name: input.name.trim() }),
          ...(input.level === undefined ? {} : { level: input.level.trim() }),
        };
        await SchoolClass.query(trx)
          .patch({ ...patch, updated_at: new Date(), version: version + 1 })
          .where({ id })
          .catch((error: unknown) => {
            throw nameTaken(error, patch.name);
          });
        await auditTenant(trx, origin, {
          action: 'class.update',
          target: target(id),
          before: { name, level },
          after: patch,
        });
        await keepClassGroups(scope, [id]);
        return getClassRow(trx, EVERYONE, id);
      }),

    setTeachers: (tenant: TenantRef, origin: Origin, id: string, input: ClassTeachers): Promise<ClassRow> =>
      tenancy.write(tenant, async (scope) => {
        const { version } = await locked(scope.trx, id);
        await putTeachers(scope, origin, id, input);
        await SchoolClass.query(scope.trx)
          .patch({ updated_at: new Date(), version: version + 1 })
          .where({ id });
        return getClassRow(scope.trx, EVERYONE, id);
      }),

    remove: (tenant: TenantRef, origin: Origin, id: string, expected?: number): Promise<void> =>
      tenancy.write(tenant, async (scope) => {
        const { trx } = scope;
        const before = await locked(trx, id, expected);
        const used = await Enrolment.query(trx).where({ class_id: id }).limit(1);
        if (used.length > 0) throw new AppError('still_in_use');
        await ClassTeacher.query(trx).delete().where({ class_id: id });
        await SchoolClass.query(trx).deleteById(id);
        await dropKeptGroup(scope, classSource(id));
        await auditTenant(trx, origin, {
          action: 'class.delete',
          target: target(id),
          before: { name: before.name, level: before.level },
        });
      }),
  };
}
