import type { SchoolRole } from '@preau/contracts/vocabulary';
import type { Tenancy, TenantScope, TenantTrx } from '@preau/tenancy';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { auditTenant, type Origin } from '../audit/index.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import type { InvitingService } from '../members/index.ts';
import { SEATS, type QuotaLevels } from '../quotas/index.ts';
import { keepGroupsOf } from './class-groups.ts';
import { Guardian, StaffRecord, Student } from './roster.model.ts';
import {
  endRecordInvitations,
  lockRoster,
  memberByEmail,
  peopleOf,
  tiePerson,
  type RecordKind,
} from './seats.repository.ts';

export type RecordAccountService = ReturnType<typeof createRecordAccountService>;

interface Found {
  email: string | null;
  role: SchoolRole;
  enrolled: boolean;
}

export interface InvitedRecord {
  status: 'invited' | 'tied';
  email: string;
  token: string | null;
}

/** Roles of an account that may be that of a record. One person may teach and have a child here: they have one role. */
const MAY_BE: Record<RecordKind, readonly SchoolRole[]> = {
  student: ['student'],
  guardian: ['admin', 'teacher', 'staff', 'parent'],
  staff: ['admin', 'teacher', 'staff'],
};

/** The accounts of records: invited, tied, untied. */
export function createRecordAccountService({
  tenancy,
  inviting,
  levels,
}: {
  tenancy: Tenancy;
  inviting: InvitingService;
  levels: QuotaLevels;
}) {
  async function find(trx: TenantTrx, kind: RecordKind, id: string): Promise<Found> {
    if (kind === 'student') {
      const student = await Student.query(trx).findById(id);
      if (!student) throw new AppError('not_found');
      return { email: student.email, role: 'student', enrolled: student.status === 'enrolled' };
    }
    if (kind === 'guardian') {
      const guardian = await Guardian.query(trx).findById(id);
      if (!guardian) throw new AppError('not_found');
      return { email: guardian.email, role: 'parent', enrolled: false };
    }
    const staff = await StaffRecord.query(trx).findById(id);
    if (!staff) throw new AppError('not_found');
    return { email: staff.email, role: staff.job === 'teacher' ? 'teacher' : 'staff', enrolled: false };
  }

  /** Whether the record may have an account: it has none, and its student is there. */
  async function assertFree(
    trx: TenantTrx,
    kind: RecordKind,
    id: string,
    { enrolled }: Found,
  ): Promise<void> {
    if ((await peopleOf(trx, [id])).size > 0) throw new AppError('record_tied');
    if (kind === 'student' && !enrolled) throw new AppError('student_left');
  }

  /** Ties the member of an address to a record, in a transaction of the caller's. @returns whether there is one. */
  async function tieByEmail(
    scope: TenantScope,
    origin: Origin,
    kind: RecordKind,
    id: string,
    email: string,
  ): Promise<boolean> {
    const { trx } = scope;
    const found = await find(trx, kind, id);
    const member = await memberByEmail(trx, email);
    if (!member) return false;
    if (!MAY_BE[kind].includes(member.role)) throw new AppError('already_member');
    await tiePerson(trx, member.user_id, { kind, id, enrolled: found.enrolled });
    await auditTenant(trx, origin, {
      action: `${kind}.account`,
      target: { type: kind, id },
      after: { user_id: member.user_id },
    });
    await keepGroupsOf(scope, [id]);
    return true;
  }

  return {
    tieByEmail,

    /** Invites whom a record is of. Somebody who is a member already is not asked again: their account becomes the record's. */
    async invite(
      school: TenantSnapshot,
      origin: Origin,
      kind: RecordKind,
      id: string,
      address: string | undefined,
    ): Promise<InvitedRecord> {
      const { email, role, tied } = await tenancy.write(school, async (scope) => {
        await lockRoster(scope.trx);
        const found = await find(scope.trx, kind, id);
        await assertFree(scope.trx, kind, id, found);
        const wanted = (address ?? found.email ?? '').trim().toLowerCase();
        if (wanted === '') throw fieldError('email', 'required');
        const isTied = await tieByEmail(scope, origin, kind, id, wanted);
        return { email: wanted, role: found.role, tied: isTied };
      });
      if (tied) return { status: 'tied', email, token: null };
      const { token } = await inviting.invite(school, { email, role, record: { kind, id } }, origin);
      await tenancy.write(school, async ({ trx }) => {
        // Erased, or gone from the school, while the invitation was made: nobody may come in on its seat.
        try {
          await assertFree(trx, kind, id, await find(trx, kind, id));
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          await endRecordInvitations(trx, id);
        }
      });
      return { status: 'invited', email, token };
    },

    /** The account is the record's no more. That of a student then takes a seat. Throws `not_found`, `seats_exhausted`. */
    detach: (school: TenantSnapshot, origin: Origin, kind: RecordKind, id: string): Promise<void> =>
      tenancy.write(school, async (scope) => {
        const { trx } = scope;
        await lockRoster(trx);
        await find(trx, kind, id);
        const tied = (await peopleOf(trx, [id])).get(id);
        if (!tied) throw new AppError('not_found');
        await tiePerson(trx, tied.user_id, null);
        await auditTenant(trx, origin, {
          action: `${kind}.account`,
          target: { type: kind, id },
          before: { user_id: tied.user_id },
        });
        await keepGroupsOf(scope, [id]);
        scope.afterCommit(() => levels.tell(SEATS, school.id));
      }),
  };
}
