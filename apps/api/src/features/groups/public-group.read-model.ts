import type { PublicGroupQuery } from '@preau/contracts/public-groups';
import type { SchoolRole } from '@preau/contracts/vocabulary';
import { together, type CentralTrx } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';

export interface PublicGroupRow {
  id: string;
  name: string;
  description: string;
  open_to: SchoolRole[];
  created_at: Date;
  updated_at: Date;
  version: number;
  member_count: number;
  joined: boolean;
}

export interface PublicGroupMemberRow {
  id: string;
  full_name: string;
  role: SchoolRole;
  tenant_id: string;
  school_name: string;
  joined_at: Date;
}

/** The member of a school who asks; nobody on the console. */
export interface Reader {
  userId: string | null;
  tenantId: string | null;
}

type Rows<Row> = PromiseLike<{ rows: Row[] }>;
/** Who is waiting to be admitted to a school again is in no group. */
const PRESENT = `public.public_group_members pm JOIN public.memberships m
  ON m.user_id = pm.user_id AND m.tenant_id = pm.tenant_id AND m.status = 'active'`;
const COLUMNS = `g.id, g.name, g.description, g.open_to, g.created_at, g.updated_at, g.version,
  (SELECT count(*)::int FROM ${PRESENT} WHERE pm.group_id = g.id) AS member_count,
  EXISTS (SELECT FROM ${PRESENT} WHERE pm.group_id = g.id AND pm.user_id = :userId AND pm.tenant_id = :tenantId) AS joined`;

export async function listPublicGroupRows(
  trx: CentralTrx,
  { page = 1, page_size: size = 20, search }: PublicGroupQuery,
  { userId, tenantId }: Reader,
): Promise<{ count: number; rows: PublicGroupRow[] }> {
  const where = search?.trim() ? 'WHERE g.name ILIKE :term' : '';
  const values = {
    term: `%${(search?.trim() ?? '').replace(/[\\%_]/g, '\\$&')}%`,
    userId,
    tenantId,
    size,
    offset: (page - 1) * size,
  } as never;
  const [counted, listed] = await together([
    trx.raw(`SELECT count(*)::int AS count FROM public.public_groups g ${where}`, values) as Rows<{
      count: number;
    }>,
    trx.raw(
      `SELECT ${COLUMNS} FROM public.public_groups g ${where} ORDER BY lower(g.name), g.id LIMIT :size OFFSET :offset`,
      values,
    ) as Rows<PublicGroupRow>,
  ]);
  return { count: counted.rows[0]?.count ?? 0, rows: listed.rows };
}

/** Throws `not_found`. */
export async function getPublicGroupRow(
  trx: CentralTrx,
  id: string,
  { userId, tenantId }: Reader,
): Promise<PublicGroupRow> {
  const { rows } = await trx.raw(`SELECT ${COLUMNS} FROM public.public_groups g WHERE g.id = :id`, {
    id,
    userId,
    tenantId,
  } as never);
  if (!rows[0]) throw new AppError('not_found');
  return rows[0];
}

export async function listPublicGroupMemberRows(
  trx: CentralTrx,
  groupId: string,
  { page = 1, page_size: size = 20 }: { page?: number; page_size?: number },
): Promise<{ count: number; rows: PublicGroupMemberRow[] }> {
  const from = `FROM ${PRESENT} JOIN public.users u ON u.id = pm.user_id JOIN public.tenants t ON t.id = pm.tenant_id
    WHERE pm.group_id = :groupId`;
  const values = { groupId, size, offset: (page - 1) * size } as never;
  const [counted, listed] = await together([
    trx.raw(`SELECT count(*)::int AS count ${from}`, values) as Rows<{ count: number }>,
    trx.raw(
      `SELECT u.id, u.full_name, m.role, t.id AS tenant_id, t.name AS school_name, pm.joined_at ${from}
       ORDER BY lower(u.full_name), u.id, t.id LIMIT :size OFFSET :offset`,
      values,
    ) as Rows<PublicGroupMemberRow>,
  ]);
  return { count: counted.rows[0]?.count ?? 0, rows: listed.rows };
}

/** Ids of the groups across schools that members are in, by member; of one school. */
export async function publicGroupIdsOfMany(
  trx: CentralTrx,
  tenantId: string,
  userIds: readonly string[],
): Promise<Map<string, string[]>> {
  const { rows } = await trx.raw<{ rows: { user_id: string; ids: string[] }[] }>(
    `SELECT pm.user_id, array_agg(pm.group_id ORDER BY pm.group_id) AS ids FROM ${PRESENT}
     WHERE pm.tenant_id = ? AND pm.user_id = ANY (?::uuid[]) GROUP BY pm.user_id`,
    [tenantId, userIds] as never,
  );
  return new Map(rows.map(({ user_id: id, ids }) => [id, ids]));
}
