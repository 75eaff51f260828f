import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';

const offset = (at: Temporal.ZonedDateTime): string => at.offset.slice(0, 6);
const local = (at: Temporal.ZonedDateTime): ICAL.Time =>
  ICAL.Time.fromDateTimeString(at.toPlainDateTime().toString({ smallestUnit: 'second' }));

/**
 * A time zone as calendar applications want it: each change of its clock between two years, one by one. No rule is needed, and
 * none can be wrong.
 */
export function zoneComponent(timeZone: string, firstYear: number, lastYear: number): ICAL.Component {
  const zone = new ICAL.Component('vtimezone');
  zone.addPropertyWithValue('tzid', timeZone);
  const add = (
    kind: 'standard' | 'daylight',
    at: Temporal.ZonedDateTime,
    startsAt: ICAL.Time,
    from: string,
  ): void => {
    const part = new ICAL.Component(kind);
    part.addPropertyWithValue('dtstart', startsAt);
    part.addPropertyWithValue('tzoffsetfrom', ICAL.UtcOffset.fromString(from));
    part.addPropertyWithValue('tzoffsetto', ICAL.UtcOffset.fromString(offset(at)));
    zone.addSubcomponent(part);
  };
  let at = Temporal.PlainDateTime.from({ year: firstYear, month: 1, day: 1 }).toZonedDateTime(timeZone);
  const winter = at.offsetNanoseconds;
  add('standard', at, local(at), offset(at));
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (!next || next.year > lastYear) return zone;
    const before = next.subtract({ nanoseconds: 1 });
    // The hour that the old clock shows when it is changed.
    const shown = next.toPlainDateTime().subtract({
      nanoseconds: next.offsetNanoseconds - before.offsetNanoseconds,
    });
    add(
      next.offsetNanoseconds > Math.min(winter, before.offsetNanoseconds) ? 'daylight' : 'standard',
      next,
      ICAL.Time.fromDateTimeString(shown.toString({ smallestUnit: 'second' })),
      offset(before),
    );
    at = next;
  }
}
