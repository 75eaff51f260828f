import { publishChange, type TenantTrx } from '@preau/tenancy';
import { fieldError } from '../../platform/app-error.ts';
import { activeMembers } from './group.read-model.ts';

export interface MembersChange {
  added: string[];
  removed: string[];
}

/** Refuses who is not an active member of the transaction's school: groups hold nobody else. Throws `invalid_input`. */
export async function assertMembers(trx: TenantTrx, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return;
  const known = await activeMembers(trx, userIds);
  const stranger = userIds.find((id) => !known.has(id));
  if (stranger !== undefined) throw fieldError('user_ids', 'not_member', { value: stranger });
}

/** Puts people into a group. @returns those who were not in it. */
export async function addToGroup(
  trx: TenantTrx,
  groupId: string,
  userIds: readonly string[],
): Promise<string[]> {
  const { rows } = await trx.raw<{ rows: { user_id: string }[] }>(
    // Somebody who left the school and is back has a row of before, which is made new.
    `INSERT INTO group_members AS gm (group_id, user_id)
     SELECT ?::uuid, m.id FROM tenant_api.active_members(?::uuid[]) m
     ON CONFLICT (group_id, user_id) DO UPDATE SET added_at = clock_timestamp()
       WHERE gm.added_at < (SELECT since FROM tenant_api.active_members(ARRAY[gm.user_id]))
     RETURNING user_id`,
    [groupId, userIds] as never,
  );
  return rows.map(({ user_id: id }) => id);
}

/** Takes people out of a group; everybody but them with `keep`. @returns those who were in it. */
export async function takeFromGroup(
  trx: TenantTrx,
  groupId: string,
  userIds: readonly string[],
  { keep = false }: { keep?: boolean } = {},
): Promise<string[]> {
  const { rows } = await trx.raw<{ rows: { user_id: string }[] }>(
    `DELETE FROM group_members WHERE group_id = ? AND ${keep ? 'NOT ' : ''}user_id = ANY (?::uuid[]) RETURNING user_id`,
    [groupId, userIds] as never,
  );
  return rows.map(({ user_id: id }) => id);
}

/** Makes a group hold these members of the school and nobody else. */
export async function setGroupMembers(
  trx: TenantTrx,
  groupId: string,
  userIds: readonly string[],
): Promise<MembersChange> {
  const removed = await takeFromGroup(trx, groupId, userIds, { keep: true });
  return { removed, added: await addToGroup(trx, groupId, userIds) };
}

/** Open sockets of the school enter and leave the rooms of groups at the commit. */
export const announceGroups = (trx: TenantTrx, tenantId: string): Promise<void> =>
  publishChange(trx, { kind: 'groups', id: tenantId });
