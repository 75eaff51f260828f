import type { GroupInput, GroupQuery } from '@preau/contracts/groups';
import type { Tenancy, TenantRef, TenantScope, TenantTrx } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { violatesUnique } from '../../platform/database-errors.ts';
import { auditTenant, type Actor, type Origin } from '../audit/index.ts';
import { Group } from './group.model.ts';
import {
  addToGroup,
  announceGroups,
  assertMembers,
  setGroupMembers,
  takeFromGroup,
  type MembersChange,
} from './group-members.repository.ts';
import {
  getGroupRow,
  groupIdsOf,
  listGroupMemberRows,
  listGroupRows,
  type GroupRow,
} from './group.read-model.ts';

export type GroupService = ReturnType<typeof createGroupService>;

const shown = ({ name, description }: Pick<Group, 'name' | 'description'>) => ({ name, description });

/** Whose groups alone somebody sees: pupils and parents their own. */
const ownOnly = (actor: Actor): string | undefined =>
  actor.type === 'user' && (actor.role === 'student' || actor.role === 'parent') ? actor.id : undefined;

/** Groups of the members of a school. */
export function createGroupService({ tenancy }: { tenancy: Tenancy }) {
  async function editable(trx: TenantTrx, id: string, expected?: number): Promise<Group> {
    const group = await Group.query(trx).findById(id).forUpdate();
    if (!group) throw new AppError('not_found');
    if (group.source !== null) throw new AppError('group_kept');
    if (expected !== undefined && group.version !== expected) throw new AppError('precondition_failed');
    return group;
  }

  const nameTaken = (error: unknown, { name }: GroupInput): unknown =>
    violatesUnique(error, 'groups_name_key') ? fieldError('name', 'taken', { value: name.trim() }) : error;

  /** Who is in a group, changed by hand: the group's lock orders two changes at once. */
  const changeMembers = (
    tenant: TenantRef,
    origin: Origin,
    id: string,
    change: (scope: TenantScope) => Promise<MembersChange>,
  ): Promise<GroupRow> =>
    tenancy.write(tenant, async (scope) => {
      const { trx } = scope;
      await editable(trx, id);
      const { added, removed } = await change(scope);
      if (added.length + removed.length > 0) {
        await auditTenant(trx, origin, {
          action: 'group.members',
          target: { type: 'group', id },
          after: { added, removed },
        });
        await announceGroups(trx, tenant.id);
      }
      return getGroupRow(trx, id);
    });

  return {
    list: (tenant: TenantRef, { mine, member, ...query }: GroupQuery, actor: Actor) =>
      tenancy.read(tenant, ({ trx }) => {
        const self = actor.type === 'user' ? actor.id : undefined;
        return listGroupRows(trx, query, ownOnly(actor) ?? (mine ? self : member));
      }),

    get: (tenant: TenantRef, id: string, actor: Actor): Promise<GroupRow> =>
      tenancy.read(tenant, ({ trx }) => getGroupRow(trx, id, ownOnly(actor))),

    idsOf: (tenant: TenantRef, userId: string): Promise<string[]> =>
      tenancy.read(tenant, ({ trx }) => groupIdsOf(trx, userId)),

    listMembers: (tenant: TenantRef, id: string, query: { page?: number; page_size?: number }) =>
      tenancy.read(tenant, async ({ trx }) => {
        if (!(await Group.query(trx).findById(id))) throw new AppError('not_found');
        return listGroupMemberRows(trx, id, query);
      }),

    create: (tenant: TenantRef, origin: Origin, input: GroupInput): Promise<GroupRow> =>
      tenancy.write(tenant, async ({ trx }) => {
        const id = uuidv7();
        await Group.query(trx)
          .insert({ id, name: input.name.trim(), description: input.description ?? '' })
          .catch((error: unknown) => {
            throw nameTaken(error, input);
          });
        const row = await getGroupRow(trx, id);
        await auditTenant(trx, origin, {
          action: 'group.create',
          target: { type: 'group', id },
          after: shown(row),
        });
        return row;
      }),

    /** Throws `not_found`, `group_kept`, `precondition_failed`, `invalid_input` for a name that another group has. */
    put: (tenant: TenantRef, origin: Origin, id: string, input: GroupInput, expected?: number) =>
      tenancy.write(tenant, async ({ trx }): Promise<GroupRow> => {
        const before = await editable(trx, id, expected);
        const after = { name: input.name.trim(), description: input.description ?? '' };
        await Group.query(trx)
          .patch({ ...after, updated_at: new Date(), version: before.version + 1 })
          .where({ id })
          .catch((error: unknown) => {
            throw nameTaken(error, input);
          });
        await auditTenant(trx, origin, {
          action: 'group.update',
          target: { type: 'group', id },
          before: shown(before),
          after,
        });
        return getGroupRow(trx, id);
      }),

    remove: (tenant: TenantRef, origin: Origin, id: string, expected?: number): Promise<void> =>
      tenancy.write(tenant, async ({ trx }) => {
        const before = await editable(trx, id, expected);
        await Group.query(trx).deleteById(id);
        await auditTenant(trx, origin, {
          action: 'group.delete',
          target: { type: 'group', id },
          before: shown(before),
        });
        await announceGroups(trx, tenant.id);
      }),

    addMembers: (tenant: TenantRef, origin: Origin, id: string, userIds: readonly string[]) =>
      changeMembers(tenant, origin, id, async ({ trx }) => {
        await assertMembers(trx, userIds);
        return { added: await addToGroup(trx, id, userIds), removed: [] };
      }),

    setMembers: (tenant: TenantRef, origin: Origin, id: string, userIds: readonly string[]) =>
      changeMembers(tenant, origin, id, async ({ trx }) => {
        await assertMembers(trx, userIds);
        return setGroupMembers(trx, id, userIds);
      }),

    removeMember: (tenant: TenantRef, origin: Origin, id: string, userId: string) =>
      changeMembers(tenant, origin, id, async ({ trx }) => ({
        added: [],
        removed: await takeFromGroup(trx, id, [userId]),
      })),
  };
}
