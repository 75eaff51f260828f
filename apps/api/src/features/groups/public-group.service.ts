import type { PublicGroupInput, PublicGroupQuery } from '@preau/contracts/public-groups';
import type { SchoolRole } from '@preau/contracts/vocabulary';
import { publishChange, type CentralTrx, type Tenancy } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { violatesUnique } from '../../platform/database-errors.ts';
import { auditCentral, type Actor, type Origin } from '../audit/index.ts';
import { PublicGroup } from './public-group.model.ts';
import {
  getPublicGroupRow,
  listPublicGroupMemberRows,
  listPublicGroupRows,
  type PublicGroupRow,
  type Reader,
} from './public-group.read-model.ts';

export type PublicGroupService = ReturnType<typeof createPublicGroupService>;

/** Children are asked into rooms of other schools only by a super-admin who says so. */
const ADULTS: SchoolRole[] = ['admin', 'teacher', 'staff'];
const NOBODY: Reader = { userId: null, tenantId: null };
const shown = ({ name, description, open_to: open }: PublicGroup | PublicGroupRow) => ({
  name,
  description,
  open_to: open,
});
const target = (id: string) => ({ type: 'public_group', id });

export const readerOf = (actor: Actor): Reader =>
  actor.type === 'user' && actor.tenantId !== null && !actor.support
    ? { userId: actor.id, tenantId: actor.tenantId }
    : NOBODY;

/** Groups across schools: made on the platform, entered by members of schools. */
export function createPublicGroupService({ tenancy }: { tenancy: Tenancy }) {
  async function locked(trx: CentralTrx, id: string, expected?: number): Promise<PublicGroup> {
    const group = await PublicGroup.query(trx).findById(id).forUpdate();
    if (!group) throw new AppError('not_found');
    if (expected !== undefined && group.version !== expected) throw new AppError('precondition_failed');
    return group;
  }

  const fieldsOf = ({ name, description, open_to: open }: PublicGroupInput) => ({
    name: name.trim(),
    description: description ?? '',
    open_to: open ?? ADULTS,
  });

  const nameTaken = (error: unknown, { name }: PublicGroupInput): unknown =>
    violatesUnique(error, 'public_groups_name_key')
      ? fieldError('name', 'taken', { value: name.trim() })
      : error;

  /** Sockets of these schools enter and leave rooms. */
  const announce = async (trx: CentralTrx, tenantIds: Iterable<string>): Promise<void> => {
    for (const id of new Set(tenantIds)) await publishChange(trx, { kind: 'groups', id });
  };

  function member(actor: Actor): { userId: string; tenantId: string; role: SchoolRole } {
    const { userId, tenantId } = readerOf(actor);
    if (userId === null || tenantId === null || actor.type !== 'user' || actor.role === 'superadmin')
      throw new AppError('permission_denied', { details: { permission: 'public_groups:join' } });
    return { userId, tenantId, role: actor.role };
  }

  return {
    list: (query: PublicGroupQuery, actor: Actor) =>
      tenancy.central(({ trx }) => listPublicGroupRows(trx, query, readerOf(actor)), { readOnly: true }),

    get: (id: string, actor: Actor): Promise<PublicGroupRow> =>
      tenancy.central(({ trx }) => getPublicGroupRow(trx, id, readerOf(actor)), { readOnly: true }),

    create: (origin: Origin, input: PublicGroupInput): Promise<PublicGroupRow> =>
      tenancy.central(async ({ trx }) => {
        const id = uuidv7();
        await PublicGroup.query(trx)
          .insert({ id, ...fieldsOf(input) })
          .catch((error: unknown) => {
            throw nameTaken(error, input);
          });
        const row = await getPublicGroupRow(trx, id, NOBODY);
        await auditCentral(trx, origin, null, {
          action: 'public_group.create',
          target: target(id),
          after: shown(row),
        });
        return row;
      }),

    put: (origin: Origin, id: string, input: PublicGroupInput, expected?: number): Promise<PublicGroupRow> =>
      tenancy.central(async ({ trx }) => {
        const before = await locked(trx, id, expected);
        await PublicGroup.query(trx)
          .patch({ ...fieldsOf(input), updated_at: new Date(), version: before.version + 1 })
          .where({ id })
          .catch((error: unknown) => {
            throw nameTaken(error, input);
          });
        const row = await getPublicGroupRow(trx, id, NOBODY);
        await auditCentral(trx, origin, null, {
          action: 'public_group.update',
          target: target(id),
          before: shown(before),
          after: shown(row),
        });
        return row;
      }),

    remove: (origin: Origin, id: string, expected?: number): Promise<void> =>
      tenancy.central(async ({ trx }) => {
        const before = await locked(trx, id, expected);
        const { rows } = await trx.raw<{ rows: { tenant_id: string }[] }>(
          'DELETE FROM public.public_group_members WHERE group_id = ? RETURNING tenant_id',
          [id],
        );
        await PublicGroup.query(trx).deleteById(id);
        await auditCentral(trx, origin, null, {
          action: 'public_group.delete',
          target: target(id),
          before: shown(before),
        });
        await announce(
          trx,
          rows.map(({ tenant_id: tenantId }) => tenantId),
        );
      }),

    /** Names of members of many schools: read with a trace. */
    listMembers: (origin: Origin, id: string, query: { page?: number; page_size?: number }) =>
      tenancy.central(async ({ trx }) => {
        await getPublicGroupRow(trx, id, NOBODY);
        await auditCentral(trx, origin, null, { action: 'public_group.list_members', target: target(id) });
        return listPublicGroupMemberRows(trx, id, query);
      }),

    /** Throws `not_found`, `group_not_open`. */
    join: (origin: Origin, id: string): Promise<PublicGroupRow> =>
      tenancy.central(async ({ trx }) => {
        const { userId, tenantId, role } = member(origin.actor);
        const group = await locked(trx, id);
        if (!group.open_to.includes(role)) throw new AppError('group_not_open');
        const { rowCount } = await trx.raw(
          `INSERT INTO public.public_group_members (group_id, user_id, tenant_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
          [id, userId, tenantId],
        );
        if (rowCount > 0) {
          await auditCentral(trx, origin, tenantId, { action: 'public_group.join', target: target(id) });
          await announce(trx, [tenantId]);
        }
        return getPublicGroupRow(trx, id, { userId, tenantId });
      }),

    leave: (origin: Origin, id: string): Promise<PublicGroupRow> =>
      tenancy.central(async ({ trx }) => {
        const { userId, tenantId } = member(origin.actor);
        await locked(trx, id);
        const { rowCount } = await trx.raw(
          'DELETE FROM public.public_group_members WHERE group_id = ? AND user_id = ? AND tenant_id = ?',
          [id, userId, tenantId],
        );
        if (rowCount > 0) {
          await auditCentral(trx, origin, tenantId, { action: 'public_group.leave', target: target(id) });
          await announce(trx, [tenantId]);
        }
        return getPublicGroupRow(trx, id, { userId, tenantId });
      }),

    /** As a member of whichever school. */
    removeMember: (origin: Origin, id: string, userId: string): Promise<void> =>
      tenancy.central(async ({ trx }) => {
        await locked(trx, id);
        const { rows } = await trx.raw<{ rows: { tenant_id: string }[] }>(
          'DELETE FROM public.public_group_members WHERE group_id = ? AND user_id = ? RETURNING tenant_id',
          [id, userId],
        );
        for (const { tenant_id: tenantId } of rows)
          await auditCentral(trx, origin, tenantId, {
            action: 'public_group.remove_member',
            target: target(id),
            before: { user_id: userId },
          });
        await announce(
          trx,
          rows.map(({ tenant_id: tenantId }) => tenantId),
        );
      }),
  };
}
