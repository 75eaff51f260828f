import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';
import { MOST_OCCURRENCES, MOST_SERIES_YEARS } from '@preau/contracts/events';
import { AppError } from '../../platform/app-error.ts';
import type { EventTimes } from './event-times.ts';

const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
const PARTS = new Set(['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'WKST', 'COUNT', 'UNTIL']);
/** What a series may go by, for each frequency: rules that can never come true would be searched for without end. */
const GROUNDS: Readonly<Record<string, readonly string[]>> = {
  DAILY: [],
  WEEKLY: ['BYDAY'],
  MONTHLY: ['BYDAY', 'BYMONTHDAY'],
  YEARLY: [],
};

const refuse = (reason: string): never => {
  throw new AppError('recurrence_refused', { details: { reason } });
};

/** A whole number, as text. */
const whole = (text: string | undefined, least: number, most: number): number | null => {
  const number = /^\d{1,4}$/.test(text ?? '') ? Number(text) : Number.NaN;
  return number >= least && number <= most ? number : null;
};

/** Which one of its weekday in the month a day is, from the front and from the back: 2 and -3, say. */
const placesInMonth = (day: Temporal.PlainDate): [number, number] => [
  Math.ceil(day.day / 7),
  -Math.ceil((day.daysInMonth - day.day + 1) / 7),
];

function checkDays(byDay: string, freq: string, start: Temporal.PlainDate): void {
  const weekday = DAYS[start.dayOfWeek - 1];
  const days = byDay.split(',');
  if (freq === 'WEEKLY') {
    if (!days.every((day) => (DAYS as readonly string[]).includes(day))) refuse('BYDAY');
    if (new Set(days).size !== days.length || !days.includes(weekday ?? '')) refuse('BYDAY');
  } else {
    const [, place = '', day] = /^(-?[1-5])(MO|TU|WE|TH|FR|SA|SU)$/.exec(byDay) ?? [];
    if (day !== weekday || !placesInMonth(start).includes(Number(place))) refuse('BYDAY');
  }
}

/**
 * The rule of a series as it is kept: spelled in one way, with an end, and true of the day it starts on. UNTIL is a day, the last
 * one that may have an occurrence.
 * @throws AppError `recurrence_refused`
 */
export function readRule(text: string, times: Pick<EventTimes, 'start'>): string {
  const parts = new Map<string, string>();
  for (const part of text.trim().toUpperCase().split(';')) {
    const [name = '', value = ''] = part.split('=');
    if (!PARTS.has(name) || parts.has(name) || value === '') refuse(part.slice(0, 40));
    parts.set(name, value);
  }
  const start = Temporal.PlainDate.from(times.start.slice(0, 10));
  const freq = parts.get('FREQ') ?? '';
  const grounds = GROUNDS[freq] ?? refuse('FREQ');
  for (const name of ['BYDAY', 'BYMONTHDAY']) {
    if (parts.has(name) && !grounds.includes(name)) refuse(name);
  }
  if (parts.has('BYDAY') && parts.has('BYMONTHDAY')) refuse('BYDAY, BYMONTHDAY');
  const byDay = parts.get('BYDAY');
  if (byDay !== undefined) checkDays(byDay, freq, start);
  const byMonthDay = parts.get('BYMONTHDAY');
  const isLast = start.day === start.daysInMonth;
  if (byMonthDay !== undefined && byMonthDay !== String(start.day) && !(byMonthDay === '-1' && isLast))
    refuse('BYMONTHDAY');
  const interval = whole(parts.get('INTERVAL') ?? '1', 1, 99) ?? refuse('INTERVAL');
  const week = parts.get('WKST') ?? 'MO';
  if (!(DAYS as readonly string[]).includes(week)) refuse('WKST');

  const [count, until] = [parts.get('COUNT'), parts.get('UNTIL')];
  if ((count === undefined) === (until === undefined)) refuse('COUNT, UNTIL');
  if (count !== undefined && whole(count, 1, MOST_OCCURRENCES) === null) refuse('COUNT');
  let lastDay: Temporal.PlainDate | null = null;
  if (until !== undefined) {
    const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)(?:T\d{6}Z?)?$/.exec(until) ?? refuse('UNTIL');
    try {
      lastDay = Temporal.PlainDate.from(`${year}-${month}-${day}`);
    } catch {
      refuse('UNTIL');
    }
    if (lastDay && Temporal.PlainDate.compare(lastDay, start) < 0) refuse('UNTIL');
  }
  // The first day says the rest; ical.js would go by the first of March where a month has no such day.
  const ground =
    freq === 'MONTHLY' && byDay === undefined
      ? [`BYMONTHDAY=${byMonthDay ?? start.day}`]
      : freq === 'YEARLY'
        ? [`BYMONTH=${start.month}`, `BYMONTHDAY=${start.day}`]
        : byDay === undefined
          ? []
          : [`BYDAY=${byDay}`];
  const rule = [
    `FREQ=${freq}`,
    ...(interval > 1 ? [`INTERVAL=${interval}`] : []),
    ...ground,
    ...(week === 'MO' ? [] : [`WKST=${week}`]),
    lastDay ? `UNTIL=${lastDay.toString().replaceAll('-', '')}` : `COUNT=${count}`,
  ].join(';');
  // Counted now, so that what is too long is refused when it is written.
  daysOf(rule, times);
  return rule;
}

/** The rule as it was written down: a yearly series is by the day it starts on anyway. */
export const asWritten = (rule: string): string =>
  rule.startsWith('FREQ=YEARLY') ? rule.replace(/;BYMONTH=\d+;BYMONTHDAY=\d+/, '') : rule;

/**
 * Days on which a series begins anew, in order. Bounded: at most {@link MOST_OCCURRENCES}, over at most {@link MOST_SERIES_YEARS}
 * years; throws `recurrence_refused` beyond.
 */
export function daysOf(rule: string | null, { start }: Pick<EventTimes, 'start'>): string[] {
  const first = start.slice(0, 10);
  if (rule === null) return [first];
  const horizon = Temporal.PlainDate.from(first).add({ years: MOST_SERIES_YEARS }).toString();
  // By days, at no hour: UNTIL then includes the last day, and no clock is changed on the way.
  const iterator = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromDateString(first));
  const days: string[] = [];
  for (let next = iterator.next(); next; next = iterator.next()) {
    const day = next.toString().slice(0, 10);
    if (day > horizon) refuse(`> ${horizon}`);
    days.push(day);
    if (days.length > MOST_OCCURRENCES) refuse(`> ${MOST_OCCURRENCES}`);
  }
  return days;
}
