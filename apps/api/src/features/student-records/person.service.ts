import type {
  GuardianCreate,
  GuardianPatch,
  GuardianQuery,
  StaffCreate,
  StaffPatch,
  StaffQuery,
} from '@preau/contracts/roster-people';
import type { Tenancy, TenantRef, TenantScope, TenantTrx } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../platform/app-error.ts';
import { auditTenant, type Origin } from '../audit/index.ts';
import { classesOfRecords, keepClassGroups } from './class-groups.ts';
import { getGuardianRow, getStaffRow, listGuardianRows, listStaffRows } from './person.read-model.ts';
import { ClassTeacher, Guardian, GuardianshipRow, StaffRecord } from './roster.model.ts';
import { forgetRecord, lockRoster } from './seats.repository.ts';
import { changedFields, shownPerson } from './shown-person.ts';

export type GuardianService = ReturnType<typeof createGuardianService>;
export type StaffService = ReturnType<typeof createStaffService>;

const trimmed = <T extends object>(input: T): T =>
  Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name, typeof value === 'string' ? value.trim() : value]),
  ) as T;

/** Enters a guardian in a transaction of the caller's. */
export async function enterGuardian(trx: TenantTrx, origin: Origin, input: GuardianCreate): Promise<string> {
  const id = uuidv7();
  await Guardian.query(trx).insert({ ...trimmed(input), id } as Partial<Guardian>);
  await auditTenant(trx, origin, {
    action: 'guardian.create',
    target: { type: 'guardian', id },
    after: shownPerson(input),
  });
  return id;
}

/** Enters somebody of the staff in a transaction of the caller's. */
export async function enterStaff(trx: TenantTrx, origin: Origin, input: StaffCreate): Promise<string> {
  const id = uuidv7();
  await StaffRecord.query(trx).insert({ ...trimmed(input), id } as Partial<StaffRecord>);
  await auditTenant(trx, origin, {
    action: 'staff.create',
    target: { type: 'staff', id },
    after: shownPerson(input),
  });
  return id;
}

interface PersonKind<Row, Create, Patch> {
  kind: 'guardian' | 'staff';
  /** Also that of the staff: it has the columns that are touched here. */
  table: typeof Guardian;
  get(trx: TenantTrx, id: string): Promise<Row>;
  enter(trx: TenantTrx, origin: Origin, input: Create): Promise<string>;
  /** Takes away what leads to the record. */
  untie(trx: TenantTrx, id: string): PromiseLike<unknown>;
  patch?: Patch;
}

/** What guardians and staff have in common: people of the roster who hold no seat. */
function createPersonService<Row, Create extends object, Patch extends object>(
  tenancy: Tenancy,
  { kind, table, get, enter, untie }: PersonKind<Row, Create, Patch>,
) {
  const target = (id: string) => ({ type: kind, id });
  async function locked(trx: TenantTrx, id: string, expected?: number): Promise<Guardian> {
    const found = await table.query(trx).findById(id).forUpdate();
    if (!found) throw new AppError('not_found');
    if (expected !== undefined && found.version !== expected) throw new AppError('precondition_failed');
    return found;
  }
  return {
    get: (tenant: TenantRef, id: string): Promise<Row> => tenancy.read(tenant, ({ trx }) => get(trx, id)),

    create: (tenant: TenantRef, origin: Origin, input: Create): Promise<Row> =>
      tenancy.write(tenant, async ({ trx }) => get(trx, await enter(trx, origin, input))),

    update: (tenant: TenantRef, origin: Origin, id: string, input: Patch, expected?: number): Promise<Row> =>
      tenancy.write(tenant, async ({ trx }) => {
        const before = await locked(trx, id, expected);
        const patch = trimmed(input);
        const fields = changedFields(before, patch);
        await table
          .query(trx)
          .patch({ ...patch, updated_at: new Date(), version: before.version + 1 } as never)
          .where({ id });
        await auditTenant(trx, origin, {
          action: `${kind}.update`,
          target: target(id),
          after: {
            ...shownPerson(
              Object.fromEntries(Object.entries(patch).filter(([name]) => fields.includes(name))),
            ),
            changed: fields,
          },
        });
        return get(trx, id);
      }),

    remove: (tenant: TenantRef, origin: Origin, id: string, expected?: number): Promise<void> =>
      tenancy.write(tenant, async (scope: TenantScope) => {
        const { trx } = scope;
        await lockRoster(trx);
        const before = await locked(trx, id, expected);
        const classes = await classesOfRecords(scope, [id]);
        await forgetRecord(trx, id);
        await untie(trx, id);
        await table.query(trx).deleteById(id);
        await auditTenant(trx, origin, {
          action: `${kind}.delete`,
          target: target(id),
          before: shownPerson({ last_name: before.last_name, first_name: before.first_name }),
        });
        await keepClassGroups(scope, classes);
      }),
  };
}

export const createGuardianService = ({ tenancy }: { tenancy: Tenancy }) => ({
  list: (tenant: TenantRef, query: GuardianQuery) =>
    tenancy.read(tenant, ({ trx }) => listGuardianRows(trx, query)),
  ...createPersonService<Awaited<ReturnType<typeof getGuardianRow>>, GuardianCreate, GuardianPatch>(tenancy, {
    kind: 'guardian',
    table: Guardian,
    get: getGuardianRow,
    enter: enterGuardian,
    untie: (trx, id) => GuardianshipRow.query(trx).delete().where({ guardian_id: id }),
  }),
});

export const createStaffService = ({ tenancy }: { tenancy: Tenancy }) => ({
  list: (tenant: TenantRef, query: StaffQuery) =>
    tenancy.read(tenant, ({ trx }) => listStaffRows(trx, query)),
  ...createPersonService<Awaited<ReturnType<typeof getStaffRow>>, StaffCreate, StaffPatch>(tenancy, {
    kind: 'staff',
    table: StaffRecord as unknown as typeof Guardian,
    get: getStaffRow,
    enter: enterStaff,
    untie: (trx, id) => ClassTeacher.query(trx).delete().where({ staff_id: id }),
  }),
});
