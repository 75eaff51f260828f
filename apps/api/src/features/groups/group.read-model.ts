import type { GroupQuery } from '@preau/contracts/groups';
import type { SchoolRole } from '@preau/contracts/vocabulary';
import { together, type TenantTrx } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';

export interface GroupRow {
  id: string;
  name: string;
  description: string;
  source: string | null;
  created_at: Date;
  updated_at: Date;
  version: number;
  member_count: number;
}

export interface GroupMemberRow {
  id: string;
  full_name: string;
  role: SchoolRole;
  added_at: Date;
}

type Rows<Row> = PromiseLike<{ rows: Row[] }>;

/** Who is in groups now: `gm` with the member `m`. Of everybody, or of one person alone. */
const inGroups = (ids: 'NULL' | 'ARRAY[:userId::uuid]') =>
  `group_members gm JOIN tenant_api.active_members(${ids}) m ON m.id = gm.user_id AND gm.added_at >= m.since`;
const COLUMNS = `g.id, g.name, g.description, g.source, g.created_at, g.updated_at, g.version,
  (SELECT count(*)::int FROM present p WHERE p.group_id = g.id) AS member_count`;
const PRESENT = `WITH present AS MATERIALIZED (SELECT gm.group_id, gm.user_id FROM ${inGroups('NULL')})`;

/** One page of groups by name. `within`: only those that this person is in. */
export async function listGroupRows(
  trx: TenantTrx,
  { page = 1, page_size: size = 20, search }: GroupQuery,
  within: string | undefined,
): Promise<{ count: number; rows: GroupRow[] }> {
  const conditions = ['true'];
  if (search?.trim()) conditions.push('g.name ILIKE :term');
  if (within) conditions.push(`g.id IN (SELECT gm.group_id FROM ${inGroups('ARRAY[:userId::uuid]')})`);
  const where = conditions.join(' AND ');
  const values = {
    term: `%${(search?.trim() ?? '').replace(/[\\%_]/g, '\\$&')}%`,
    userId: within ?? null,
    size,
    offset: (page - 1) * size,
  } as never;
  const [counted, listed] = await together([
    trx.raw(`SELECT count(*)::int AS count FROM groups g WHERE ${where}`, values) as Rows<{ count: number }>,
    trx.raw(
      `${PRESENT} SELECT ${COLUMNS} FROM groups g WHERE ${where} ORDER BY lower(g.name), g.id LIMIT :size OFFSET :offset`,
      values,
    ) as Rows<GroupRow>,
  ]);
  return { count: counted.rows[0]?.count ?? 0, rows: listed.rows };
}

/** One group; `within`: only if that person is in it. Throws `not_found`. */
export async function getGroupRow(trx: TenantTrx, id: string, within?: string): Promise<GroupRow> {
  const { rows } = await trx.raw(
    `${PRESENT} SELECT ${COLUMNS} FROM groups g WHERE g.id = :id
       ${within ? 'AND EXISTS (SELECT FROM present p WHERE p.group_id = g.id AND p.user_id = :within)' : ''}`,
    { id, within: within ?? null } as never,
  );
  if (!rows[0]) throw new AppError('not_found');
  return rows[0];
}

/** One page of who is in a group, by name. */
export async function listGroupMemberRows(
  trx: TenantTrx,
  groupId: string,
  { page = 1, page_size: size = 20 }: { page?: number; page_size?: number },
): Promise<{ count: number; rows: GroupMemberRow[] }> {
  const from = `FROM ${inGroups('NULL')} WHERE gm.group_id = :groupId`;
  const values = { groupId, size, offset: (page - 1) * size } as never;
  const [counted, listed] = await together([
    trx.raw(`SELECT count(*)::int AS count ${from}`, values) as Rows<{ count: number }>,
    trx.raw(
      `SELECT m.id, m.full_name, m.role, gm.added_at ${from} ORDER BY lower(m.full_name), m.id LIMIT :size OFFSET :offset`,
      values,
    ) as Rows<GroupMemberRow>,
  ]);
  return { count: counted.rows[0]?.count ?? 0, rows: listed.rows };
}

/** Ids of the groups of a school that somebody is in; none for who is no member. */
export async function groupIdsOf(trx: TenantTrx, userId: string): Promise<string[]> {
  return (await groupIdsOfMany(trx, [userId])).get(userId) ?? [];
}

/** The same for many people at once; who is in none is not in the answer. */
export async function groupIdsOfMany(
  trx: TenantTrx,
  userIds: readonly string[],
): Promise<Map<string, string[]>> {
  const { rows } = await trx.raw<{ rows: { user_id: string; ids: string[] }[] }>(
    `SELECT gm.user_id, array_agg(gm.group_id ORDER BY gm.group_id) AS ids
     FROM group_members gm JOIN tenant_api.active_members(?::uuid[]) m ON m.id = gm.user_id AND gm.added_at >= m.since
     GROUP BY gm.user_id`,
    [userIds] as never,
  );
  return new Map(rows.map(({ user_id: id, ids }) => [id, ids]));
}

/** Ids of the people who are in any of these groups. */
export async function userIdsOfGroups(trx: TenantTrx, groupIds: readonly string[]): Promise<string[]> {
  const { rows } = await trx.raw<{ rows: { user_id: string }[] }>(
    `SELECT DISTINCT gm.user_id FROM ${inGroups('NULL')} WHERE gm.group_id = ANY (?::uuid[])`,
    [groupIds] as never,
  );
  return rows.map(({ user_id: id }) => id);
}

/** Which of these ids are of groups of the school, with their names. */
export async function namesOfGroups(trx: TenantTrx, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await trx.raw<{ rows: { id: string; name: string }[] }>(
    'SELECT id, name FROM groups WHERE id = ANY (?::uuid[])',
    [ids] as never,
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Groups by name, for choosing one. */
export async function listGroupChoices(
  trx: TenantTrx,
  search: string,
  most: number,
): Promise<{ id: string; name: string }[]> {
  const { rows } = await trx.raw<{ rows: { id: string; name: string }[] }>(
    'SELECT id, name FROM groups WHERE name ILIKE ? ORDER BY lower(name), id LIMIT ?',
    [`%${search.trim().replace(/[\\%_]/g, '\\$&')}%`, most],
  );
  return rows;
}

export interface KnownMember {
  id: string;
  full_name: string;
  role: SchoolRole;
}

/** Members of the transaction's school, of these ids or all, by id. */
export async function activeMembers(
  trx: TenantTrx,
  ids: readonly string[] | null,
): Promise<Map<string, KnownMember>> {
  const { rows } = await trx.raw<{ rows: KnownMember[] }>(
    'SELECT id, full_name, role FROM tenant_api.active_members(?::uuid[])',
    [ids] as never,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** SQL, for the queries of other features: the ids of the groups that the person of `:userId` is in, as an array. */
export const GROUPS_OF_PERSON = `ARRAY(SELECT gm.group_id FROM ${inGroups('ARRAY[:userId::uuid]')})`;
