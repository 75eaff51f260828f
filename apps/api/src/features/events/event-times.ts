import { Temporal } from 'temporal-polyfill';
import { MOST_EVENT_DAYS } from '@preau/contracts/events';
import { AppError, fieldError } from '../../platform/app-error.ts';

/**
 * When something happens, by the clock on the wall of the school: what people mean, whatever summer time does to the instants.
 * `start` and `end` are `YYYY-MM-DDTHH:MM:SS` without offset; an all-day event ends at the midnight after its last day.
 */
export interface EventTimes {
  allDay: boolean;
  start: string;
  end: string;
  timeZone: string;
}

/** The instants of an event, and the days it touches. */
export interface Instants {
  startsAt: Date;
  endsAt: Date;
  startsOn: string;
  /** The last day: of something that ends at midnight, the day before. */
  endsOn: string;
}

const isDay = (text: string): boolean => text.length === 10;
const clock = (time: Temporal.PlainDateTime): string => time.toString({ smallestUnit: 'second' });

/** A time of the school's clock. One with an offset is read from that clock at its instant. */
function onTheClock(text: string, timeZone: string): Temporal.PlainDateTime {
  if (/(?:Z|[+-]\d\d:?\d\d)$/i.test(text) && !isDay(text))
    return Temporal.Instant.from(text).toZonedDateTimeISO(timeZone).toPlainDateTime();
  return Temporal.PlainDateTime.from(text);
}

/** Time that an hour of the clock stands for: skipped by summer time, the one after; there twice, the first. */
function instant(local: string, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone, { disambiguation: 'compatible' });
}

/** The moment of a question: a day begins at its midnight. */
export function momentOf(text: string, timeZone: string): Date {
  return new Date(instant(clock(onTheClock(text, timeZone)), timeZone).epochMilliseconds);
}

/** Midnight with which today begins, where the school is. */
export function startOfToday(timeZone: string, now = new Date()): Date {
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone);
  return new Date(today.startOfDay().epochMilliseconds);
}

/**
 * Reads both ends of an event. Throws `event_ends_before`, `event_too_long`, or that one end is a day and the other is not.
 */
export function readTimes(startsAt: string, endsAt: string, timeZone: string): EventTimes {
  const allDay = isDay(startsAt);
  if (allDay !== isDay(endsAt)) throw fieldError('ends_at', 'moment');
  const start = onTheClock(startsAt, timeZone);
  const last = onTheClock(endsAt, timeZone);
  const end = allDay ? last.add({ days: 1 }) : last;
  if (Temporal.PlainDateTime.compare(end, start) <= 0) throw new AppError('event_ends_before');
  if (start.until(end, { largestUnit: 'day' }).total({ unit: 'day', relativeTo: start }) > MOST_EVENT_DAYS)
    throw new AppError('event_too_long', { details: { limit: MOST_EVENT_DAYS } });
  return { allDay, start: clock(start), end: clock(end), timeZone };
}

/** The same length from another start, by the clock. */
export function movedTo(times: EventTimes, startsAt: string): EventTimes {
  const from = Temporal.PlainDateTime.from(times.start);
  const length = from.until(Temporal.PlainDateTime.from(times.end), { largestUnit: 'day' });
  const start = onTheClock(startsAt, times.timeZone);
  return {
    ...times,
    allDay: isDay(startsAt),
    start: clock(start),
    end: clock(start.add(length)),
  };
}

export function instantsOf({ allDay, start, end, timeZone }: EventTimes): Instants {
  const first = instant(start, timeZone);
  const after = instant(end, timeZone);
  // In the hour that is there twice an end can come out before its start.
  const last = Temporal.ZonedDateTime.compare(after, first) > 0 ? after : first.add({ minutes: 1 });
  const lastDay =
    allDay || last.toPlainTime().equals('00:00')
      ? last.subtract({ seconds: 1 }).toPlainDate()
      : last.toPlainDate();
  return {
    startsAt: new Date(first.epochMilliseconds),
    endsAt: new Date(last.epochMilliseconds),
    startsOn: first.toPlainDate().toString(),
    endsOn: lastDay.toString(),
  };
}

/** With the offset that the zone has then. */
export const withOffset = (at: Date, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(timeZone)
    .toString({ timeZoneName: 'never', smallestUnit: 'second' });
