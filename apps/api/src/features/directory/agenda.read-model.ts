import { COUNTED_BEYOND } from '@preau/contracts/directory';
import { MOST_EVENT_DAYS } from '@preau/contracts/events';
import { together, type CentralTrx } from '@preau/tenancy';

/** Which agenda is asked for, and as whom. */
export interface AgendaScope {
  /** A network, or one school. */
  id: string;
  /** `everybody`: what is public, of schools that show themselves. `school`: what is public of that school, at its address. */
  view: 'everybody' | 'members' | 'school';
}

export interface AgendaAsked {
  from: Date;
  to: Date;
  tag?: string | undefined;
  school?: string | undefined;
  page: number;
  size: number;
}

export interface AgendaRow {
  event_id: string;
  day: string;
  starts_at: Date;
  ends_at: Date;
  starts_on: string;
  ends_on: string;
  all_day: boolean;
  title: string;
  description: string;
  place: string;
  tags: string[];
  time_zone: string;
  updated_at: Date;
  school_id: string;
  slug: string;
  school_name: string;
  city: string;
  primary_color: string;
  host: string;
}

type Rows<Row> = PromiseLike<{ rows: Row[] }>;

/**
 * Whether a school's events are to be seen now: asked of the schools at each question, so that a change holds at once. As values
 * and not as EXISTS, which the planner would turn into joins: it would then read all entries of each school, and sort them.
 */
function shown({ view }: AgendaScope): string {
  const open = `(SELECT t.status = 'active' AND t.modules_enabled -> 'agenda' = 'true' FROM public.tenants t WHERE t.id = a.tenant_id)`;
  const member = `(SELECT m.status = 'accepted' FROM public.network_members m
      WHERE m.network_id = a.scope_id AND m.tenant_id = a.tenant_id)`;
  const listed = `(SELECT p.listed FROM public.directory_profiles p WHERE p.tenant_id = a.tenant_id)`;
  if (view === 'school') return `a.is_public AND ${open}`;
  return view === 'members' ? `${open} AND ${member}` : `a.is_public AND ${open} AND ${member} AND ${listed}`;
}

/** Both branches read one index in its order; the second one holds the few that began before and are still on. */
const entriesOf = (
  scope: AgendaScope,
  school: string | undefined,
  columns: string,
  limit: string,
): string => `
  (SELECT ${columns} FROM public.agenda_entries a
   WHERE a.scope_id = :scope AND a.tag = :tag AND a.starts_at >= :from AND a.starts_at < :to AND ${shown(scope)}
     ${school === undefined ? '' : 'AND a.tenant_id = :school'}
   ORDER BY a.starts_at, a.tenant_id, a.event_id, a.day LIMIT ${limit})
  UNION ALL
  (SELECT ${columns} FROM public.agenda_entries a
   WHERE a.scope_id = :scope AND a.tag = :tag AND a.starts_at < :from AND a.starts_at > :earliest AND a.ends_on > a.starts_on
     AND a.ends_at > :from AND ${shown(scope)} ${school === undefined ? '' : 'AND a.tenant_id = :school'}
   ORDER BY a.starts_at, a.tenant_id, a.event_id, a.day LIMIT ${limit})`;

const KEYS =
  'a.tenant_id, a.event_id, a.day, a.starts_at, a.ends_at, a.starts_on, a.ends_on, a.all_day, a.title, a.place';

/** The statement of a page: also what the benchmark explains. */
export const agendaPageSql = (scope: AgendaScope, school?: string): string => `
  SELECT p.event_id, p.day, p.starts_at, p.ends_at, p.starts_on, p.ends_on, p.all_day, coalesce(p.title, e.title) AS title,
    e.description, coalesce(p.place, e.place) AS place, e.tags, e.time_zone, e.updated_at, t.id AS school_id,
    t.subdomain AS slug, t.name AS school_name, t.city, t.primary_color, d.domain AS host
  FROM (SELECT * FROM (${entriesOf(scope, school, KEYS, ':reach')}) u
        ORDER BY starts_at, tenant_id, event_id, day LIMIT :size OFFSET :offset) p
  JOIN public.agenda_events e ON e.tenant_id = p.tenant_id AND e.event_id = p.event_id
  JOIN public.tenants t ON t.id = p.tenant_id
  LEFT JOIN public.domains d ON d.tenant_id = t.id AND d.is_primary
  ORDER BY p.starts_at, p.tenant_id, p.event_id, p.day`;

/** What the statement is asked with. */
export const agendaBindings = (
  { id }: AgendaScope,
  { from, to, tag, school, page, size }: AgendaAsked,
): Record<string, unknown> => ({
  scope: id,
  tag: tag ?? '',
  from,
  to,
  earliest: new Date(from.getTime() - (MOST_EVENT_DAYS + 1) * 86_400_000),
  reach: page * size,
  size,
  offset: (page - 1) * size,
  ...(school === undefined ? {} : { school }),
});

/** A page of an agenda of many schools, in order, at a cost that does not go by how many there are. */
export async function listAgendaRows(
  trx: CentralTrx,
  scope: AgendaScope,
  asked: AgendaAsked,
): Promise<{ count: number; rows: AgendaRow[] }> {
  const bindings = { ...agendaBindings(scope, asked), counted: asked.page * asked.size + COUNTED_BEYOND };
  const [counted, listed] = await together([
    trx.raw(
      `SELECT count(*)::int AS count FROM (SELECT 1 FROM (${entriesOf(scope, asked.school, 'a.starts_at', ':counted')}) u
       LIMIT :counted) c`,
      bindings as never,
    ) as Rows<{ count: number }>,
    trx.raw(agendaPageSql(scope, asked.school), bindings as never) as Rows<AgendaRow>,
  ]);
  return { count: counted.rows[0]?.count ?? 0, rows: listed.rows };
}
