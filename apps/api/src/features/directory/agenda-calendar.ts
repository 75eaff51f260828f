import ICAL from 'ical.js';
import { urlOf, type PublicBase } from '../tenants/index.ts';
import type { AgendaRow } from './agenda.read-model.ts';

/** What anybody may see of an agenda as an iCalendar file: each occurrence by itself, as an instant. */
export function agendaCalendar(rows: readonly AgendaRow[], name: string, base: PublicBase): string {
  const calendar = new ICAL.Component('vcalendar');
  calendar.addPropertyWithValue('prodid', '-//Preau//Agenda//FR');
  calendar.addPropertyWithValue('version', '2.0');
  calendar.addPropertyWithValue('calscale', 'GREGORIAN');
  calendar.addPropertyWithValue('method', 'PUBLISH');
  calendar.addPropertyWithValue('x-wr-calname', name);
  for (const row of rows) {
    const event = new ICAL.Component('vevent');
    event.addPropertyWithValue('uid', `${row.event_id}.${row.day}@${row.host}`);
    event.addPropertyWithValue('dtstamp', ICAL.Time.fromJSDate(row.updated_at, true));
    event.addPropertyWithValue('summary', row.title);
    if (row.description) event.addPropertyWithValue('description', row.description);
    event.addPropertyWithValue('location', row.place || row.school_name);
    if (row.all_day) {
      const after = new Date(`${row.ends_on}T12:00:00Z`);
      after.setUTCDate(after.getUTCDate() + 1);
      event.addPropertyWithValue('dtstart', ICAL.Time.fromDateString(row.starts_on));
      event.addPropertyWithValue('dtend', ICAL.Time.fromDateString(after.toISOString().slice(0, 10)));
    } else {
      event.addPropertyWithValue('dtstart', ICAL.Time.fromJSDate(row.starts_at, true));
      event.addPropertyWithValue('dtend', ICAL.Time.fromJSDate(row.ends_at, true));
    }
    if (row.tags.length > 0) {
      const categories = new ICAL.Property('categories');
      categories.setValues(row.tags);
      event.addProperty(categories);
    }
    const organiser = new ICAL.Property('organizer');
    organiser.setParameter('cn', row.school_name);
    organiser.setValue(urlOf(base, row.host));
    event.addProperty(organiser);
    calendar.addSubcomponent(event);
  }
  return `${calendar.toString()}\r\n`;
}
