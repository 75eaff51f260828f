/** Days as `YYYY-MM-DD`: of the calendar, in no zone. */
export type Day = string;
const DAY_MS = 86_400_000;

const at = (day: Day): Date => new Date(`${day}T00:00:00Z`);
const named = (date: Date): Day => date.toISOString().slice(0, 10);

export const addDays = (day: Day, count: number): Day => named(new Date(at(day).getTime() + count * DAY_MS));

/** The same day of another month, or its last one. */
export function addMonths(day: Day, count: number): Day {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + count, 0));
  return named(new Date(Date.UTC(year, month - 1 + count, Math.min(date, last.getUTCDate()))));
}

/** The Monday that begins its week. */
export const mondayOf = (day: Day): Day => addDays(day, -((at(day).getUTCDay() + 6) % 7));

/** Today where the school is. */
export const todayIn = (timeZone: string): Day =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    new Date(),
  );

/** The weeks that a month's page shows, Monday first: days of the months beside it included. */
export function weeksOf(day: Day): Day[][] {
  const first = mondayOf(`${day.slice(0, 7)}-01`);
  const next = `${addMonths(`${day.slice(0, 7)}-01`, 1).slice(0, 7)}-01`;
  const weeks: Day[][] = [];
  for (let monday = first; monday < next; monday = addDays(monday, 7))
    weeks.push(Array.from({ length: 7 }, (_, days) => addDays(monday, days)));
  return weeks;
}

/** What touches each of the days, in order. */
export function byDay<Item extends { starts_on: Day; ends_on: Day }>(
  items: readonly Item[],
  days: readonly Day[],
): Map<Day, Item[]> {
  return new Map(
    days.map((day) => [day, items.filter(({ starts_on: from, ends_on: to }) => from <= day && day <= to)]),
  );
}

/** For what says a day in words: noon is that day in every zone. */
export const noonOf = (day: Day): string => `${day}T12:00:00Z`;
