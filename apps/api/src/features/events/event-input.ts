import type { EventCreate, EventPatch } from '@preau/contracts/events';
import { AppError } from '../../platform/app-error.ts';
import { movedTo, readTimes, type EventTimes } from './event-times.ts';
import type { SchoolEvent } from './event.model.ts';
import { timesOf } from './event.repository.ts';
import { readRule } from './recurrence.ts';

type Columns = Pick<
  SchoolEvent,
  | 'title'
  | 'description'
  | 'place'
  | 'all_day'
  | 'local_start'
  | 'local_end'
  | 'time_zone'
  | 'recurrence'
  | 'visibility'
  | 'audience_roles'
  | 'audience_groups'
  | 'tags'
>;

/** Both ends, or one: a start alone moves the event, an end alone changes its length. */
export function timesAfter(
  before: EventTimes,
  { starts_at: start, ends_at: end }: { starts_at?: string | undefined; ends_at?: string | undefined },
): EventTimes {
  if (start !== undefined && end !== undefined) return readTimes(start, end, before.timeZone);
  if (start !== undefined) {
    if ((start.length === 10) !== before.allDay) throw new AppError('event_ends_before');
    return movedTo(before, start);
  }
  if (end !== undefined) {
    const from = before.allDay ? before.start.slice(0, 10) : before.start;
    return readTimes(from, end, before.timeZone);
  }
  return before;
}

/** One spelling of a tag: what is searched for must not depend on who wrote it. */
const folded = (tags: readonly string[]): string[] => [
  ...new Set(tags.map((tag) => tag.trim().toLowerCase().normalize('NFC'))),
];

/** Columns of a new event, or of one after a change. */
export function toColumns(
  input: EventCreate | EventPatch,
  before: SchoolEvent | null,
  timeZone: string,
): Columns {
  const times = before
    ? timesAfter(timesOf(before), input)
    : readTimes(input.starts_at ?? '', input.ends_at ?? '', timeZone);
  const rule = input.recurrence === undefined ? (before?.recurrence ?? null) : input.recurrence;
  const columns: Columns = {
    title: input.title?.trim() ?? before?.title ?? '',
    description: input.description ?? before?.description ?? '',
    place: input.place?.trim() ?? before?.place ?? '',
    all_day: times.allDay,
    local_start: times.start,
    local_end: times.end,
    time_zone: times.timeZone,
    recurrence: rule === null ? null : readRule(rule, times),
    visibility: input.visibility ?? before?.visibility ?? 'school',
    audience_roles: input.audience?.roles ?? (input.audience ? [] : (before?.audience_roles ?? [])),
    audience_groups: input.audience ? (input.audience.groups ?? []) : (before?.audience_groups ?? []),
    tags: input.tags ? folded(input.tags) : (before?.tags ?? []),
  };
  if (
    columns.visibility !== 'school' &&
    (columns.audience_roles.length > 0 || columns.audience_groups.length > 0)
  )
    throw new AppError('audience_of_shared');
  return columns;
}
