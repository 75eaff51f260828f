import type { MemberPatch, MemberQuery } from '@preau/contracts/members';
import { roleMay } from '@preau/contracts/permissions';
import type { SchoolRole } from '@preau/contracts/vocabulary';
import type { CentralScope, CentralTrx, Tenancy } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import {
  activateMembership,
  countMember,
  hashPassword,
  newSecret,
  roleIn,
  type SessionService,
} from '../identity/index.ts';
import type { MailService } from '../mail/index.ts';
import { ADMITTED, REFUSED } from './member.mails.ts';
import { addMembership, type Newcomer } from './adding.ts';
import { getMemberRow, listMemberRows, type MemberRow } from './member.read-model.ts';
import {
  deleteMember,
  findMemberId,
  lockAdministration,
  lockMember,
  otherAdmins,
  writeMember,
  type LockedMember,
  type RecordMoved,
} from './membership.repository.ts';

export type MemberService = ReturnType<typeof createMemberService>;

/** What of a school its members' changes need to know. */
export type MembersOf = Pick<TenantSnapshot, 'id' | 'settings'>;

const shown = ({ email, role, status, title, phone }: LockedMember) => ({
  email,
  role,
  status,
  title,
  phone,
});
const target = (id: string) => ({ type: 'user', id });

/** Who belongs to a school and as what. */
export function createMemberService({
  tenancy,
  sessions,
  mails,
  recordMoved,
}: {
  tenancy: Tenancy;
  sessions: SessionService;
  mails: MailService;
  recordMoved: RecordMoved;
}) {
  /**
   * Asked once the administration is locked, of what is true then: whoever was let in a moment ago may have been demoted since,
   * and the last administrator stays.
   */
  async function assertStands(trx: CentralTrx, tenantId: string, { actor }: Origin, member: LockedMember) {
    if (actor.type === 'user' && actor.tenantId === tenantId) {
      const role = await roleIn(trx, actor.id, tenantId);
      if (!role || !roleMay(role, 'members:manage'))
        throw new AppError('permission_denied', { details: { permission: 'members:manage' } });
    }
    if (member.role === 'admin' && (await otherAdmins(trx, tenantId, member.id)) === 0)
      throw new AppError('last_admin');
  }

  /** A member, locked, at the version that the change expects. */
  async function activeMember(
    trx: CentralTrx,
    tenantId: string,
    id: string,
    expected: number | undefined,
  ): Promise<LockedMember> {
    const member = await lockMember(trx, tenantId, id);
    if (expected !== undefined && member.version !== expected) throw new AppError('precondition_failed');
    if (member.status !== 'active') throw new AppError('member_waiting');
    return member;
  }

  async function waiting(trx: CentralTrx, tenantId: string, id: string): Promise<LockedMember> {
    const member = await lockMember(trx, tenantId, id);
    if (member.status !== 'pending') throw new AppError('already_member');
    return member;
  }

  const endSessions = (
    scope: CentralScope,
    tenantId: string,
    userId: string,
    why?: 'role_changed' | 'left_school',
  ) => sessions.endOf(scope, { userId, tenantId, ...(why ? { why } : {}) });
  return {
    list: (tenantId: string, query: MemberQuery) =>
      tenancy.central(({ trx }) => listMemberRows(trx, tenantId, query), { readOnly: true }),

    /** The same list from outside the school. It holds names of children: the school sees that it was read. */
    listFromOutside: (tenantId: string, query: MemberQuery, origin: Origin) =>
      tenancy.central(async ({ trx }) => {
        const { rows } = await trx.raw('SELECT 1 FROM public.tenants WHERE id = ?', [tenantId]);
        if (rows.length === 0) throw new AppError('not_found');
        await auditCentral(trx, origin, tenantId, {
          action: 'member.list',
          target: { type: 'tenant', id: tenantId },
          after: query,
        });
        return listMemberRows(trx, tenantId, query);
      }),

    get: (tenantId: string, id: string): Promise<MemberRow> =>
      tenancy.central(({ trx }) => getMemberRow(trx, tenantId, id), { readOnly: true }),

    /** The person of an address at this school. Throws `not_found`. */
    identify: (tenantId: string, email: string): Promise<string> =>
      tenancy.central(({ trx }) => findMemberId(trx, tenantId, email.trim().toLowerCase()), {
        readOnly: true,
      }),

    /** For operators: see {@link addMembership}. `password` is that of a new account, null otherwise. */
    async add(
      tenantId: string,
      newcomer: Newcomer,
      origin: Origin,
    ): Promise<{ row: MemberRow; password: string | null }> {
      const password = newSecret(15);
      const passwordHash = await hashPassword(password);
      return tenancy.central(async ({ trx }) => {
        const { id, isNew } = await addMembership(trx, tenantId, newcomer, passwordHash);
        const row = await getMemberRow(trx, tenantId, id);
        await auditCentral(trx, origin, tenantId, {
          action: 'member.add',
          target: target(id),
          after: { email: row.email, role: row.role, account: isNew ? 'new' : 'existing' },
        });
        return { row, password: isNew ? password : null };
      });
    },

    /** Throws `not_found`, `member_waiting`, `last_admin`, `seats_exhausted`, `permission_denied`, `precondition_failed`. */
    update: (
      tenantId: string,
      id: string,
      input: MemberPatch,
      origin: Origin,
      expected?: number,
    ): Promise<MemberRow> =>
      tenancy.central(async (scope) => {
        const { trx } = scope;
        const before = await activeMember(trx, tenantId, id, expected);
        const after: LockedMember = {
          ...before,
          ...input,
          ...(typeof input.title === 'string' ? { title: input.title.trim() } : {}),
          version: before.version + 1,
        };
        if (after.role !== before.role) {
          await lockAdministration(trx, tenantId);
          await assertStands(trx, tenantId, origin, before);
          await countMember(trx, tenantId, {
            from: before.role,
            to: after.role,
            seatByRecord: before.seat_by_record,
          });
        }
        await writeMember(trx, tenantId, after);
        if (after.role !== before.role) await endSessions(scope, tenantId, id, 'role_changed');
        if (after.role !== before.role && before.record_id)
          await recordMoved(trx, tenantId, before.record_id);
        await auditCentral(trx, origin, tenantId, {
          action: 'member.update',
          target: target(id),
          before: shown(before),
          after: shown(after),
        });
        return getMemberRow(trx, tenantId, id);
      }),

    /** Their account, and what they wrote here, stay. Throws as {@link update} does. */
    remove: (tenantId: string, id: string, origin: Origin, expected?: number): Promise<void> =>
      tenancy.central(async (scope) => {
        const { trx } = scope;
        const before = await activeMember(trx, tenantId, id, expected);
        await lockAdministration(trx, tenantId);
        await assertStands(trx, tenantId, origin, before);
        await deleteMember(trx, tenantId, id);
        await endSessions(scope, tenantId, id, 'left_school');
        await countMember(trx, tenantId, { from: before.role, seatByRecord: before.seat_by_record });
        if (before.record_id) await recordMoved(trx, tenantId, before.record_id);
        await auditCentral(trx, origin, tenantId, {
          action: 'member.remove',
          target: target(id),
          before: shown(before),
        });
      }),

    /** Admits somebody who asked. Throws `not_found`, `already_member`, `seats_exhausted`. */
    approve: (
      { id: tenantId, settings }: MembersOf,
      id: string,
      role: SchoolRole | undefined,
      origin: Origin,
    ): Promise<MemberRow> =>
      tenancy.central(async ({ trx }) => {
        const before = await waiting(trx, tenantId, id);
        const given = role ?? before.role;
        await activateMembership(trx, id, tenantId, given);
        await auditCentral(trx, origin, tenantId, {
          action: 'member.approve',
          target: target(id),
          before: shown(before),
          after: shown({ ...before, role: given, status: 'active' }),
        });
        await mails.enqueue(trx, {
          kind: ADMITTED,
          to: before.email,
          tenantId,
          language: settings.language,
          data: { role: given },
        });
        return getMemberRow(trx, tenantId, id);
      }),

    /** Turns down somebody who asked; they may ask again. Throws `not_found`, `already_member`. */
    refuse: (
      { id: tenantId, settings }: MembersOf,
      id: string,
      reason: string | undefined,
      origin: Origin,
    ): Promise<void> =>
      tenancy.central(async ({ trx }) => {
        const before = await waiting(trx, tenantId, id);
        await deleteMember(trx, tenantId, id);
        await auditCentral(trx, origin, tenantId, {
          action: 'member.refuse',
          target: target(id),
          before: shown(before),
          after: { reason: reason ?? null },
        });
        await mails.enqueue(trx, {
          kind: REFUSED,
          to: before.email,
          tenantId,
          language: settings.language,
          data: { reason: reason?.trim() ?? null },
        });
      }),

    /** Ends all sessions of a member at the school. @returns how many. */
    endSessions: (tenantId: string, id: string, origin: Origin): Promise<number> =>
      tenancy.central(async (scope) => {
        await lockMember(scope.trx, tenantId, id);
        const ended = await endSessions(scope, tenantId, id);
        await auditCentral(scope.trx, origin, tenantId, {
          action: 'member.end_sessions',
          target: target(id),
          after: { ended },
        });
        return ended;
      }),
  };
}
