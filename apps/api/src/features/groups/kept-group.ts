import type { TenantScope } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { Group } from './group.model.ts';
import { announceGroups, setGroupMembers, type MembersChange } from './group-members.repository.ts';

/** What keeps a group up to date: `class` and the id of the class. */
export interface GroupSource {
  source: string;
  sourceId: string;
}

/**
 * Makes or renames the group that another feature keeps, in its transaction. By hand it is then neither edited nor deleted.
 * @returns the group's id.
 */
export async function keepGroup(
  { trx }: Pick<TenantScope, 'trx'>,
  { source, sourceId, name, description = '' }: GroupSource & { name: string; description?: string },
): Promise<string> {
  const { rows } = await trx.raw<{ rows: { id: string }[] }>(
    `INSERT INTO groups AS g (id, name, description, source, source_id) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (source, source_id) WHERE source IS NOT NULL DO UPDATE
       SET name = excluded.name, description = excluded.description, updated_at = now(), version = g.version + 1
     RETURNING id`,
    [uuidv7(), name, description, source, sourceId],
  );
  return String(rows[0]?.id);
}

/** Says who is in a kept group: those of them who are members of the school, since a pupil may have no account. */
export async function keepGroupMembers(
  { trx, tenant }: Pick<TenantScope, 'trx' | 'tenant'>,
  groupId: string,
  userIds: readonly string[],
): Promise<MembersChange> {
  const change = await setGroupMembers(trx, groupId, userIds);
  if (change.added.length + change.removed.length > 0) await announceGroups(trx, tenant.id);
  return change;
}

/** Deletes a kept group with what keeps it. */
export async function dropKeptGroup(
  { trx, tenant }: Pick<TenantScope, 'trx' | 'tenant'>,
  { source, sourceId }: GroupSource,
): Promise<void> {
  const dropped = await Group.query(trx).delete().where({ source, source_id: sourceId });
  if (dropped > 0) await announceGroups(trx, tenant.id);
}
