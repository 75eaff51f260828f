import type { Event, Occurrence } from '@preau/contracts/events';
import type { Actor } from '../audit/index.ts';
import { instantsOf, withOffset } from './event-times.ts';
import type { OccurrenceRow } from './event.read-model.ts';
import { timesOf, type EventDetail } from './event.repository.ts';
import { mayEdit } from './reader.ts';
import { asWritten } from './recurrence.ts';

export function presentEvent({ event, exceptions }: EventDetail, actor: Actor): Event {
  const { startsAt, endsAt, startsOn, endsOn } = instantsOf(timesOf(event));
  return {
    id: event.id,
    title: event.title,
    description: event.description,
    place: event.place,
    all_day: event.all_day,
    starts_at: withOffset(startsAt, event.time_zone),
    ends_at: withOffset(endsAt, event.time_zone),
    starts_on: startsOn,
    ends_on: endsOn,
    time_zone: event.time_zone,
    recurrence: event.recurrence === null ? null : asWritten(event.recurrence),
    visibility: event.visibility,
    audience: { roles: event.audience_roles, groups: event.audience_groups },
    tags: event.tags,
    cancelled_days: exceptions.filter(({ cancelled }) => cancelled).map(({ day }) => day),
    changed_days: exceptions.filter(({ cancelled }) => !cancelled).map(({ day }) => day),
    author: { id: event.author_id, name: event.author_name },
    may_edit: mayEdit(actor, event),
    created_at: event.created_at.toISOString(),
    updated_at: event.updated_at.toISOString(),
  };
}

export const presentOccurrence = (row: OccurrenceRow, actor: Actor): Occurrence => ({
  event_id: row.event_id,
  day: row.day,
  title: row.title,
  description: row.description,
  place: row.place,
  all_day: row.all_day,
  starts_at: withOffset(row.starts_at, row.time_zone),
  ends_at: withOffset(row.ends_at, row.time_zone),
  starts_on: row.starts_on,
  ends_on: row.ends_on,
  recurring: row.recurrence !== null,
  changed: row.changed,
  visibility: row.visibility,
  tags: row.tags,
  may_edit: mayEdit(actor, row),
});
