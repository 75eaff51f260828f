import type {
  SchoolYearCreate,
  SchoolYearPatch,
  YearPassage,
  YearPassageResult,
} from '@preau/contracts/school-years';
import type { Tenancy, TenantRef, TenantScope, TenantTrx } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { violatesUnique } from '../../platform/database-errors.ts';
import { auditTenant, type Origin } from '../audit/index.ts';
import { SEATS, type QuotaLevels } from '../quotas/index.ts';
import { keepClassGroups } from './class-groups.ts';
import { getYearRow, listYearRows, type YearRow } from './class.read-model.ts';
import { enterClass } from './class.service.ts';
import { SchoolClass, SchoolYear, type Student } from './roster.model.ts';
import { endRecordInvitations, lockRoster, seatRecord } from './seats.repository.ts';

export type YearService = ReturnType<typeof createYearService>;

const target = (id: string) => ({ type: 'school_year', id });
const nameTaken = (error: unknown, name: string | undefined): unknown =>
  violatesUnique(error, 'school_years_name_index') ? fieldError('name', 'taken', { value: name }) : error;

function assertSpan({ starts_on: starts, ends_on: ends }: { starts_on: string; ends_on: string }): void {
  if (starts >= ends) throw fieldError('ends_on', 'minimum', { limit: starts });
}

/** Makes a year in a transaction of the caller's; the first one is the current one. */
export async function enterYear(
  scope: TenantScope,
  origin: Origin,
  { copy_classes_from: from, name, starts_on, ends_on }: SchoolYearCreate,
): Promise<string> {
  const { trx } = scope;
  assertSpan({ starts_on, ends_on });
  const id = uuidv7();
  const fields = { name: name.trim(), starts_on, ends_on };
  const current = await SchoolYear.query(trx).findOne({ is_current: true });
  const classes = from ? await SchoolClass.query(trx).where({ school_year_id: from }).orderBy('name') : [];
  if (from && !(await SchoolYear.query(trx).findById(from)))
    throw fieldError('copy_classes_from', 'unknown_reference', { value: from });
  await SchoolYear.query(trx)
    .insert({ id, ...fields, is_current: !current })
    .catch((error: unknown) => {
      throw nameTaken(error, fields.name);
    });
  await auditTenant(trx, origin, {
    action: 'school_year.create',
    target: target(id),
    after: { ...fields, classes: classes.length },
  });
  for (const { name: className, level } of classes)
    await enterClass(scope, origin, { name: className, level, school_year_id: id });
  return id;
}

/** School years: one is the current one, and passing to the next moves everybody at once. */
export function createYearService({ tenancy, levels }: { tenancy: Tenancy; levels: QuotaLevels }) {
  async function locked(trx: TenantTrx, id: string, expected?: number): Promise<SchoolYear> {
    const found = await SchoolYear.query(trx).findById(id).forUpdate();
    if (!found) throw new AppError('not_found');
    if (expected !== undefined && found.version !== expected) throw new AppError('precondition_failed');
    return found;
  }

  async function becomeCurrent(trx: TenantTrx, origin: Origin, id: string): Promise<void> {
    const before = await SchoolYear.query(trx).findOne({ is_current: true });
    if (before?.id === id) return;
    await trx.raw(
      'UPDATE school_years SET is_current = false, updated_at = now(), version = version + 1 WHERE is_current',
    );
    await trx.raw(
      'UPDATE school_years SET is_current = true, updated_at = now(), version = version + 1 WHERE id = ?',
      [id],
    );
    await auditTenant(trx, origin, {
      action: 'school_year.current',
      target: target(id),
      before: { current: before?.id ?? null },
      after: { current: id },
    });
  }

  /** Students who leave with the passage: their seats are free. */
  async function letGo(trx: TenantTrx, classId: string): Promise<number> {
    const { rows } = await trx.raw(
      `UPDATE students s SET status = 'left', left_on = current_date, updated_at = now(), version = s.version + 1
       FROM enrolments e WHERE e.student_id = s.id AND e.class_id = ? AND s.status = 'enrolled' RETURNING s.id`,
      [classId],
    );
    for (const { id } of rows as Pick<Student, 'id'>[]) {
      await seatRecord(trx, id, false);
      await endRecordInvitations(trx, id);
    }
    return rows.length;
  }

  return {
    list: (tenant: TenantRef, query: { page?: number; page_size?: number }) =>
      tenancy.read(tenant, ({ trx }) => listYearRows(trx, query)),

    get: (tenant: TenantRef, id: string): Promise<YearRow> =>
      tenancy.read(tenant, ({ trx }) => getYearRow(trx, id)),

    create: (tenant: TenantRef, origin: Origin, input: SchoolYearCreate): Promise<YearRow> =>
      tenancy.write(tenant, async (scope) => getYearRow(scope.trx, await enterYear(scope, origin, input))),

    update: (tenant: TenantRef, origin: Origin, id: string, input: SchoolYearPatch, expected?: number) =>
      tenancy.write(tenant, async (scope): Promise<YearRow> => {
        const { trx } = scope;
        const before = await locked(trx, id, expected);
        assertSpan({
          starts_on: input.starts_on ?? before.starts_on,
          ends_on: input.ends_on ?? before.ends_on,
        });
        await SchoolYear.query(trx)
          .patch({ ...input, updated_at: new Date(), version: before.version + 1 })
          .where({ id })
          .catch((error: unknown) => {
            throw nameTaken(error, input.name);
          });
        await auditTenant(trx, origin, {
          action: 'school_year.update',
          target: target(id),
          before: { name: before.name, starts_on: before.starts_on, ends_on: before.ends_on },
          after: input,
        });
        const classes = await SchoolClass.query(trx).where({ school_year_id: id });
        if (input.name !== undefined)
          await keepClassGroups(
            scope,
            classes.map((one) => one.id),
          );
        return getYearRow(trx, id);
      }),

    remove: (tenant: TenantRef, origin: Origin, id: string, expected?: number): Promise<void> =>
      tenancy.write(tenant, async ({ trx }) => {
        const before = await locked(trx, id, expected);
        const { rows } = await trx.raw(
          `SELECT 1 WHERE EXISTS (SELECT FROM classes WHERE school_year_id = :id)
             OR EXISTS (SELECT FROM student_imports WHERE school_year_id = :id)`,
          { id },
        );
        if (rows.length > 0) throw new AppError('still_in_use');
        await SchoolYear.query(trx).deleteById(id);
        await auditTenant(trx, origin, {
          action: 'school_year.delete',
          target: target(id),
          before: { name: before.name },
        });
      }),

    makeCurrent: (tenant: TenantRef, origin: Origin, id: string): Promise<YearRow> =>
      tenancy.write(tenant, async ({ trx }) => {
        await locked(trx, id);
        await becomeCurrent(trx, origin, id);
        return getYearRow(trx, id);
      }),

    /** Moves the students of classes to classes of this year, or lets them go. Done again it moves nobody twice. */
    pass: (
      tenant: TenantRef,
      origin: Origin,
      id: string,
      { moves }: YearPassage,
    ): Promise<YearPassageResult> =>
      tenancy.write(tenant, async (scope) => {
        const { trx } = scope;
        await lockRoster(trx);
        await locked(trx, id);
        const named = moves.flatMap(({ from, to }) => [from, ...(to === null ? [] : [to])]);
        const classes = new Map(
          (await SchoolClass.query(trx).findByIds([...new Set(named)])).map((one) => [one.id, one]),
        );
        const result = { moved: 0, left: 0, kept: 0 };
        for (const [at, { from, to }] of moves.entries()) {
          if (!classes.has(from) || classes.get(from)?.school_year_id === id)
            throw fieldError(`moves.${at}.from`, 'unknown_reference', { value: from });
          if (to !== null && classes.get(to)?.school_year_id !== id)
            throw fieldError(`moves.${at}.to`, 'unknown_reference', { value: to });
          if (to === null) {
            result.left += await letGo(trx, from);
            continue;
          }
          const { rows } = await trx.raw(
            `WITH there AS (
               SELECT e.student_id FROM enrolments e JOIN students s ON s.id = e.student_id
               WHERE e.class_id = :from AND s.status = 'enrolled'
             ), moved AS (
               INSERT INTO enrolments (student_id, school_year_id, class_id)
               SELECT student_id, :id, :to FROM there ON CONFLICT (student_id, school_year_id) DO NOTHING RETURNING 1
             )
             SELECT (SELECT count(*)::int FROM there) AS there, (SELECT count(*)::int FROM moved) AS moved`,
            { from, to, id },
          );
          result.moved += rows[0].moved;
          result.kept += rows[0].there - rows[0].moved;
        }
        await becomeCurrent(trx, origin, id);
        await auditTenant(trx, origin, { action: 'school_year.pass', target: target(id), after: result });
        await keepClassGroups(scope, classes.keys());
        scope.afterCommit(() => levels.tell(SEATS, tenant.id));
        return result;
      }),
  };
}
