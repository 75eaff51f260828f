import { MOST_EVENT_DAYS } from '@preau/contracts/events';
import type { SchoolRole } from '@preau/contracts/vocabulary';
import { together, type TenantTrx } from '@preau/tenancy';
import type { EventExceptionRow, SchoolEvent } from './event.model.ts';
import { EventExceptionRow as Exception, SchoolEvent as Event } from './event.model.ts';
import type { EventDetail } from './event.repository.ts';

/** Who reads: `everything` for administrators and keys; others what is for everybody, for them, or their own. */
export interface Reader {
  everything: boolean;
  userId: string | null;
  role: SchoolRole | null;
  groups: readonly string[];
}

export interface OccurrenceRow {
  event_id: string;
  day: string;
  starts_at: Date;
  ends_at: Date;
  starts_on: string;
  ends_on: string;
  title: string;
  description: string;
  place: string;
  all_day: boolean;
  time_zone: string;
  recurrence: string | null;
  visibility: SchoolEvent['visibility'];
  tags: string[];
  author_id: string | null;
  changed: boolean;
}

const COLUMNS = `o.event_id, o.day, o.starts_at, o.ends_at, o.starts_on, o.ends_on,
  coalesce(x.title, e.title) AS title, coalesce(x.description, e.description) AS description,
  coalesce(x.place, e.place) AS place, coalesce(x.all_day, e.all_day) AS all_day,
  e.time_zone, e.recurrence, e.visibility, e.tags, e.author_id, x.day IS NOT NULL AS changed`;
const FROM = `event_occurrences o JOIN events e ON e.id = o.event_id
  LEFT JOIN event_exceptions x ON x.event_id = o.event_id AND x.day = o.day`;

/** Named so that both statements of a page ask for the same. */
function visibleTo({ everything, userId, role, groups }: Reader): {
  sql: string;
  values: Record<string, unknown>;
} {
  if (everything) return { sql: 'true', values: {} };
  return {
    sql: `(e.audience_roles = '{}' AND e.audience_groups = '{}' OR :role = ANY (e.audience_roles)
      OR e.audience_groups && CAST(:groups AS uuid[]) OR e.author_id = :userId)`,
    values: { role, groups, userId },
  };
}

type Rows<Row> = PromiseLike<{ rows: Row[] }>;

const likeText = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

export interface Asked {
  from: Date;
  to: Date;
  page: number;
  size: number;
  search?: string | undefined;
  tag?: string | undefined;
}

/**
 * What happens between two instants, in order. One range of the index of starts, begun as early as the longest event can have begun:
 * its cost goes by what there is in that time, not by how long the school has kept an agenda.
 */
export async function listOccurrences(
  trx: TenantTrx,
  reader: Reader,
  { from, to, page, size, search, tag }: Asked,
): Promise<{ count: number; rows: OccurrenceRow[] }> {
  const { sql, values } = visibleTo(reader);
  const wanted = search?.trim();
  const where = `WHERE o.starts_at < :to AND o.starts_at > :earliest AND o.ends_at > :from AND ${sql}
    ${wanted ? 'AND (coalesce(x.title, e.title) ILIKE :search OR coalesce(x.place, e.place) ILIKE :search)' : ''}
    ${tag === undefined ? '' : 'AND :tag = ANY (e.tags)'}`;
  const bindings = {
    ...values,
    from,
    to,
    earliest: new Date(from.getTime() - (MOST_EVENT_DAYS + 1) * 86_400_000),
    size,
    offset: (page - 1) * size,
    ...(wanted ? { search: likeText(wanted) } : {}),
    ...(tag === undefined ? {} : { tag }),
  } as never;
  const [counted, listed] = await together([
    trx.raw(`SELECT count(*)::int AS count FROM ${FROM} ${where}`, bindings) as Rows<{ count: number }>,
    trx.raw(
      `SELECT ${COLUMNS} FROM ${FROM} ${where} ORDER BY o.starts_at, o.ends_at DESC, o.event_id, o.day
       LIMIT :size OFFSET :offset`,
      bindings,
    ) as Rows<OccurrenceRow>,
  ]);
  return { count: counted.rows[0]?.count ?? 0, rows: listed.rows };
}

export async function findOccurrence(
  trx: TenantTrx,
  reader: Reader,
  id: string,
  day: string,
): Promise<OccurrenceRow | undefined> {
  const { sql, values } = visibleTo(reader);
  const { rows } = await trx.raw(
    `SELECT ${COLUMNS} FROM ${FROM} WHERE o.event_id = :id AND o.day = :day AND ${sql}`,
    { ...values, id, day } as never,
  );
  return rows[0];
}

export async function findEvent(
  trx: TenantTrx,
  reader: Reader,
  id: string,
): Promise<EventDetail | undefined> {
  const { sql, values } = visibleTo(reader);
  const { rows } = await trx.raw(`SELECT e.* FROM events e WHERE e.id = :id AND ${sql}`, {
    ...values,
    id,
  } as never);
  const event = rows[0] as SchoolEvent | undefined;
  if (!event) return undefined;
  return { event, exceptions: await Exception.query(trx).where({ event_id: id }).orderBy('day') };
}

/** Of a calendar that is subscribed to: whole series of which something is still to come or was lately. */
export async function listSeries(
  trx: TenantTrx,
  reader: Reader,
  since: Date,
  most: number,
): Promise<EventDetail[]> {
  const { sql, values } = visibleTo(reader);
  const { rows } = await trx.raw<{ rows: SchoolEvent[] }>(
    `SELECT e.* FROM events e WHERE ${sql}
       AND EXISTS (SELECT FROM event_occurrences o WHERE o.event_id = e.id AND o.starts_at > :since)
     ORDER BY e.id DESC LIMIT :most`,
    { ...values, since, most } as never,
  );
  const exceptions: EventExceptionRow[] = await Exception.query(trx).whereIn(
    'event_id',
    rows.map(({ id }) => id),
  );
  const byEvent = Map.groupBy(exceptions, ({ event_id: id }) => id);
  return rows.map((event) => ({ event, exceptions: byEvent.get(event.id) ?? [] }));
}

/** Every event that others see. For writing anew what is shared. */
export const sharedEvents = (trx: TenantTrx): Promise<SchoolEvent[]> =>
  Event.query(trx).whereNot('visibility', 'school').orderBy('id') as unknown as Promise<SchoolEvent[]>;
