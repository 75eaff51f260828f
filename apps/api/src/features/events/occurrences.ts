import { Temporal } from 'temporal-polyfill';
import { instantsOf, type EventTimes, type Instants } from './event-times.ts';
import { daysOf } from './recurrence.ts';

/** What is different on one day of a series. A field that is null is as in the others. */
export interface EventException {
  /** The day that the series gives the occurrence: its name, wherever it is moved to. */
  day: string;
  cancelled: boolean;
  title: string | null;
  description: string | null;
  place: string | null;
  all_day: boolean | null;
  local_start: string | null;
  local_end: string | null;
}

export interface Series {
  times: EventTimes;
  rule: string | null;
}

export interface MadeOccurrence extends Instants {
  day: string;
  times: EventTimes;
  exception: EventException | null;
}

/** Times of the occurrence that a series has on a day, before anything was changed. */
export function timesOn({ times }: Series, day: string): EventTimes {
  const from = Temporal.PlainDateTime.from(times.start);
  const length = from.until(Temporal.PlainDateTime.from(times.end), { largestUnit: 'day' });
  const start = Temporal.PlainDateTime.from(`${day}${times.start.slice(10)}`);
  return {
    ...times,
    start: start.toString({ smallestUnit: 'second' }),
    end: start.add(length).toString({ smallestUnit: 'second' }),
  };
}

/** All occurrences of a series, without those that were taken out. */
export function occurrencesOf(series: Series, exceptions: readonly EventException[]): MadeOccurrence[] {
  const byDay = new Map(exceptions.map((exception) => [exception.day, exception]));
  return daysOf(series.rule, series.times).flatMap((day) => {
    const exception = byDay.get(day) ?? null;
    if (exception?.cancelled) return [];
    const usual = timesOn(series, day);
    const times =
      exception?.local_start && exception.local_end
        ? {
            ...usual,
            allDay: exception.all_day ?? usual.allDay,
            start: exception.local_start,
            end: exception.local_end,
          }
        : usual;
    return [{ day, times, exception, ...instantsOf(times) }];
  });
}
