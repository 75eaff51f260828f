import ICAL from 'ical.js';
import type { EventTimes } from './event-times.ts';
import { momentOf } from './event-times.ts';
import { zoneComponent } from './calendar-zone.ts';
import type { EventExceptionRow, SchoolEvent } from './event.model.ts';
import { seriesOf, timesOf, type EventDetail } from './event.repository.ts';
import { timesOn } from './occurrences.ts';
import { asWritten } from './recurrence.ts';

const PRODUCT = '-//Preau//Agenda//FR';

/** What a calendar application is told of itself, beside the events. */
export interface CalendarHead {
  name: string;
  /** Host of the school: part of what makes the name of an event unique in the world. */
  host: string;
  /** Address of an event, for people. */
  urlOf?: (id: string) => string;
}

function addTime(component: ICAL.Component, name: string, local: string, times: EventTimes): void {
  const property = new ICAL.Property(name);
  if (times.allDay) property.setValue(ICAL.Time.fromDateString(local.slice(0, 10)));
  else {
    property.setParameter('tzid', times.timeZone);
    property.setValue(ICAL.Time.fromDateTimeString(local));
  }
  component.addProperty(property);
}

/** The last day of a series as an instant, which is what applications compare with. */
function ruleOf(rule: string, times: EventTimes): ICAL.Recur {
  const recur = ICAL.Recur.fromString(asWritten(rule));
  if (recur.until && !times.allDay) {
    const last = momentOf(`${recur.until.toString().slice(0, 10)}T23:59:59`, times.timeZone);
    recur.until = ICAL.Time.fromJSDate(last, true);
  }
  return recur;
}

function describe(
  component: ICAL.Component,
  event: SchoolEvent,
  own: EventExceptionRow | null,
  { host, urlOf }: CalendarHead,
): void {
  const add = (name: string, value: string): void => {
    if (value !== '') component.addPropertyWithValue(name, value);
  };
  add('uid', `${event.id}@${host}`);
  component.addPropertyWithValue('dtstamp', ICAL.Time.fromJSDate(event.updated_at, true));
  component.addPropertyWithValue('created', ICAL.Time.fromJSDate(event.created_at, true));
  component.addPropertyWithValue('last-modified', ICAL.Time.fromJSDate(event.updated_at, true));
  component.addPropertyWithValue('sequence', event.version - 1);
  add('summary', own?.title ?? event.title);
  add('description', own?.description ?? event.description);
  add('location', own?.place ?? event.place);
  if (event.tags.length > 0) {
    const categories = new ICAL.Property('categories');
    categories.setValues(event.tags);
    component.addProperty(categories);
  }
  if (urlOf) add('url', urlOf(event.id));
}

function componentsOf({ event, exceptions }: EventDetail, head: CalendarHead): ICAL.Component[] {
  const times = timesOf(event);
  const whole = new ICAL.Component('vevent');
  describe(whole, event, null, head);
  addTime(whole, 'dtstart', times.start, times);
  addTime(whole, 'dtend', times.end, times);
  if (event.recurrence !== null) whole.addPropertyWithValue('rrule', ruleOf(event.recurrence, times));
  const changed: ICAL.Component[] = [];
  for (const own of exceptions) {
    const usual = timesOn(seriesOf(event), own.day);
    if (own.cancelled) {
      addTime(whole, 'exdate', usual.start, times);
      continue;
    }
    const component = new ICAL.Component('vevent');
    describe(component, event, own, head);
    // An event that happens once has no series to be an exception of.
    if (event.recurrence !== null) addTime(component, 'recurrence-id', usual.start, times);
    const at =
      own.local_start && own.local_end
        ? { ...usual, allDay: own.all_day ?? usual.allDay, start: own.local_start, end: own.local_end }
        : usual;
    addTime(component, 'dtstart', at.start, at);
    addTime(component, 'dtend', at.end, at);
    changed.push(component);
  }
  return event.recurrence === null && exceptions.length > 0 ? changed : [whole, ...changed];
}

/** Events as an iCalendar file (RFC 5545): series as such, with the zone whose clock they follow. */
export function calendarFile(details: readonly EventDetail[], head: CalendarHead): string {
  const calendar = new ICAL.Component('vcalendar');
  calendar.addPropertyWithValue('prodid', PRODUCT);
  calendar.addPropertyWithValue('version', '2.0');
  calendar.addPropertyWithValue('calscale', 'GREGORIAN');
  calendar.addPropertyWithValue('method', 'PUBLISH');
  calendar.addPropertyWithValue('x-wr-calname', head.name);
  // Calendar applications ask again after so long.
  calendar.addPropertyWithValue('refresh-interval', ICAL.Duration.fromString('PT1H'));
  calendar.addPropertyWithValue('x-published-ttl', 'PT1H');
  const timed = details.filter(({ event, exceptions }) => !event.all_day || exceptions.length > 0);
  const zones = new Set(timed.map(({ event }) => event.time_zone));
  const years = timed.map(({ event }) => Number(event.local_start.slice(0, 4)));
  for (const zone of zones)
    calendar.addSubcomponent(zoneComponent(zone, Math.min(...years), Math.max(...years) + 6));
  for (const detail of details)
    for (const component of componentsOf(detail, head)) calendar.addSubcomponent(component);
  return `${calendar.toString()}\r\n`;
}
