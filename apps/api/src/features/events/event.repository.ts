import type { TenantTrx } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import type { EventTimes } from './event-times.ts';
import { EventExceptionRow, SchoolEvent } from './event.model.ts';
import { occurrencesOf, type MadeOccurrence, type Series } from './occurrences.ts';

export interface EventDetail {
  event: SchoolEvent;
  exceptions: EventExceptionRow[];
}

export const timesOf = (event: SchoolEvent): EventTimes => ({
  allDay: event.all_day,
  start: event.local_start,
  end: event.local_end,
  timeZone: event.time_zone,
});

export const seriesOf = (event: SchoolEvent): Series => ({ times: timesOf(event), rule: event.recurrence });

/** An event whose row is locked until the transaction ends, with its exceptions. Throws `not_found`. */
export async function lockEvent(trx: TenantTrx, id: string): Promise<EventDetail> {
  const event = await SchoolEvent.query(trx).findById(id).forUpdate();
  if (!event) throw new AppError('not_found');
  return { event, exceptions: await EventExceptionRow.query(trx).where({ event_id: id }).orderBy('day') };
}

/** Writes what comes of an event anew: its occurrences, and what is shared of it. Two statements, however many there are. */
export async function writeOccurrences(trx: TenantTrx, { event, exceptions }: EventDetail): Promise<void> {
  const made = occurrencesOf(seriesOf(event), exceptions);
  await trx.raw(
    `WITH gone AS (DELETE FROM event_occurrences WHERE event_id = :id AND day <> ALL (CAST(:days AS date[])))
     INSERT INTO event_occurrences (event_id, day, starts_at, ends_at, starts_on, ends_on)
     SELECT CAST(:id AS uuid), o.* FROM jsonb_to_recordset(CAST(:made AS jsonb)) AS o
       (day date, starts_at timestamptz, ends_at timestamptz, starts_on date, ends_on date)
     ON CONFLICT (event_id, day) DO UPDATE
     SET starts_at = excluded.starts_at, ends_at = excluded.ends_at, starts_on = excluded.starts_on, ends_on = excluded.ends_on`,
    { id: event.id, days: made.map(({ day }) => day), made: JSON.stringify(made.map(rowOf)) } as never,
  );
  await shareEvent(trx, event, made);
}

const rowOf = ({ day, startsAt, endsAt, startsOn, endsOn }: MadeOccurrence) => ({
  day,
  starts_at: startsAt,
  ends_at: endsAt,
  starts_on: startsOn,
  ends_on: endsOn,
});

/** Makes what others see of an event what it is now: nothing, where it is the school's alone. */
export async function shareEvent(
  trx: TenantTrx,
  event: SchoolEvent,
  made: readonly MadeOccurrence[],
): Promise<void> {
  if (event.visibility === 'school' || made.length === 0) return withdrawEvent(trx, event.id);
  const occurrences = made.map((occurrence) => ({
    ...rowOf(occurrence),
    all_day: occurrence.times.allDay,
    title: occurrence.exception?.title ?? null,
    place: occurrence.exception?.place ?? null,
  }));
  await trx.raw('SELECT tenant_api.share_event(?, ?, ?, ?, ?::text[], ?, ?, ?::jsonb)', [
    event.id,
    event.title,
    event.description,
    event.place,
    event.tags,
    event.time_zone,
    event.visibility === 'public',
    JSON.stringify(occurrences),
  ] as never);
}

/** Takes back what is shared of one event, or with null of all. */
export const withdrawEvent = async (trx: TenantTrx, id: string | null): Promise<void> => {
  await trx.raw('SELECT tenant_api.withdraw_event(?)', [id] as never);
};
