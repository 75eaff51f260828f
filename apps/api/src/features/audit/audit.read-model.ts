import type { ACTOR_TYPES, AuditFilters } from '@preau/contracts/audit';
import { together, type CentralTrx } from '@preau/tenancy';

export interface AuditRecord {
  seq: string;
  at: Date;
  /** Microseconds since 1970: JavaScript's dates are coarser than the order of the rows. */
  at_us: string;
  tenant_id: string | null;
  tenant_name: string | null;
  actor_type: (typeof ACTOR_TYPES)[number];
  actor_id: string | null;
  actor_label: string;
  action: string;
  target_type: string;
  target_id: string | null;
  before: unknown;
  after: unknown;
  ip: string | null;
  request_id: string | null;
  grant_id: string | null;
  grantor_label: string | null;
}

/** Whose rows: of one school, of the platform itself, or all. */
export type AuditSubject = { tenantId: string } | 'platform' | 'all';

export interface AuditQuery extends AuditFilters {
  subject: AuditSubject;
}

/** A row to go on from: those older than it, or newer. */
export interface Cursor {
  than: 'older' | 'newer';
  /** `microseconds-seq`. */
  row: string;
}

/** Rows are counted up to here: what lies beyond would cost more than it tells. */
export const COUNTED = 10_000;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SEARCHED = `(l.actor_label || ' ' || coalesce(l.target_id, ''))`;
const contains = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

interface Condition {
  sql: string;
  values: (string | number)[];
}

function conditions({ subject, actor, action, since, until, search }: AuditQuery): Condition[] {
  const all: Condition[] = [];
  const add = (sql: string, ...values: string[]) => all.push({ sql, values });
  if (subject === 'platform') add('l.tenant_id IS NULL');
  else if (subject !== 'all') add('l.tenant_id = ?', subject.tenantId);
  if (actor && UUID.test(actor)) add('l.actor_id = ?', actor);
  // The first of the two finds its rows by an index, the second says where the words must be.
  else if (actor) add(`${SEARCHED} ILIKE ? AND l.actor_label ILIKE ?`, contains(actor), contains(actor));
  if (action?.includes('.') && !action.endsWith('.')) add('l.action = ?', action);
  else if (action) add('l.action LIKE ?', `${action.replace('.', '').replace(/_/g, '\\_')}.%`);
  if (since) add('l.at >= ?', since);
  if (until) add('l.at <= ?', until);
  if (search) add(`${SEARCHED} ILIKE ?`, contains(search));
  return all;
}

const where = (all: readonly Condition[]) =>
  all.length ? `WHERE ${all.map(({ sql }) => sql).join(' AND ')}` : '';
const valuesOf = (all: readonly Condition[]) => all.flatMap(({ values }) => values);

/** Rows that fit, newest first, from a cursor on. The cost does not grow with what was read before. */
export async function auditRows(
  trx: CentralTrx,
  query: AuditQuery,
  { cursor, limit, offset = 0 }: { cursor: Cursor | null; limit: number; offset?: number },
): Promise<AuditRecord[]> {
  const all = conditions(query);
  const newer = cursor?.than === 'newer';
  if (cursor) {
    const [at = '0', seq = '0'] = cursor.row.split('-');
    all.push({
      sql: `(l.at, l.seq) ${newer ? '>' : '<'} ('epoch'::timestamptz + ?::bigint * interval '1 microsecond', ?::bigint)`,
      values: [at, seq],
    });
  }
  const order = newer ? 'ASC' : 'DESC';
  const { rows } = await trx.raw(
    `SELECT l.*, ((extract(epoch FROM l.at) * 1000000)::bigint)::text AS at_us, t.name AS tenant_name
     FROM (SELECT * FROM audit.log l ${where(all)} ORDER BY l.at ${order}, l.seq ${order} LIMIT ? OFFSET ?) l
       LEFT JOIN public.tenants t ON t.id = l.tenant_id
     ORDER BY l.at ${order}, l.seq ${order}`,
    [...valuesOf(all), limit, offset],
  );
  return newer ? rows.toReversed() : rows;
}

/** A page with the number of all that fits, counted to {@link COUNTED} and one. */
export async function auditPage(
  trx: CentralTrx,
  query: AuditQuery,
  page: Parameters<typeof auditRows>[2],
): Promise<{ rows: AuditRecord[]; count: number }> {
  const all = conditions(query);
  const [rows, counted] = await together([
    auditRows(trx, query, page),
    trx.raw(`SELECT count(*)::int AS count FROM (SELECT FROM audit.log l ${where(all)} LIMIT ?) found`, [
      ...valuesOf(all),
      COUNTED + 1,
    ]),
  ]);
  return { rows, count: (counted as { rows: { count: number }[] }).rows[0]?.count ?? 0 };
}
