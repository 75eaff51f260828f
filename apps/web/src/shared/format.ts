import type { Language } from '@preau/contracts/vocabulary';
import type { SchoolTimes } from '@preau/contracts/boot';
import { inject, provide, type InjectionKey } from 'vue';
import { useI18n } from 'vue-i18n';
import { shownAs } from './time-pattern.ts';

/** IANA name of the zone that times are told in: the school's. */
type Zone = () => string;
type Times = () => SchoolTimes | undefined;
const TIMES: InjectionKey<Times> = Symbol('preau-times');
const DEFAULT_ZONE = 'Europe/Paris';
const NONE: Times = () => undefined;

const LOCALES: Record<Language, string> = { fr: 'fr-FR', en: 'en-GB' };
const BYTES: Record<Language, readonly string[]> = {
  fr: ['o', 'Ko', 'Mo', 'Go', 'To'],
  en: ['B', 'KB', 'MB', 'GB', 'TB'],
};

/** Whose zone and patterns the parts below use: of a school. Without, the reader's language alone says how. */
export function provideTimes(times: Times): void {
  provide(TIMES, times);
}

/** The school's zone and patterns; undefined on the console. */
export const useTimes = (): Times => inject(TIMES, () => NONE, true);

/** The school's zone, for what is a day there and not here. */
export function useTimeZone(): Zone {
  const times = useTimes();
  return () => times()?.timezone ?? DEFAULT_ZONE;
}

/** Units of what has passed, each with its seconds: from one of them on it is told in it. */
const AGO: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

// Making a formatter takes longer than a hundred uses of it.
const made = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>();
function kept<F extends Intl.DateTimeFormat | Intl.NumberFormat>(
  Formatter: new (locale: string, options: object) => F,
  locale: string,
  options: object,
): F {
  const key = `${Formatter.name} ${locale} ${JSON.stringify(options)}`;
  const known = made.get(key) as F | undefined;
  if (known) return known;
  const formatter = new Formatter(locale, options);
  made.set(key, formatter);
  return formatter;
}

export interface Format {
  date(iso: string): string;
  dateTime(iso: string): string;
  longDate(iso: string): string;
  /** As seen from now: yesterday, in three hours. */
  ago(iso: string): string;
  /** An hour of the school's day, given as `HH:MM`. */
  clock(time: string): string;
  /** Its short name alone. */
  month(iso: string): string;
  number(value: number): string;
  /** One, two and three. */
  list(parts: readonly string[]): string;
  bytes(count: number): string;
  /** Of a number of milliseconds; beyond a minute in two units. */
  duration(milliseconds: number): string;
  /** French numbers in pairs, as they are said; others as they are. */
  phone(number: string): string;
}

/** Dates in the school's zone and patterns, figures and sizes, in the reader's language. */
export function useFormat(ownZone?: Zone): Format {
  const { locale } = useI18n({ useScope: 'global' });
  const times = useTimes();
  const schoolZone = useTimeZone();
  const zone = ownZone ?? schoolZone;
  const language = () => locale.value as Language;
  const at = (iso: string, options: Intl.DateTimeFormatOptions) =>
    kept(Intl.DateTimeFormat, LOCALES[language()], { timeZone: zone(), ...options }).format(new Date(iso));
  // Most figures are counts below a thousand, which need no formatter: the first one made reads all that is known of a language.
  const number = (value: number, digits = 1) =>
    Number.isInteger(value) && value >= 0 && value < 1_000
      ? String(value)
      : kept(Intl.NumberFormat, LOCALES[language()], { maximumFractionDigits: digits }).format(value);

  // A bare date is a day of the calendar: read as midnight UTC, it would be the day before further west.
  const zoneOf = (iso: string) => (/^\d{4}-\d\d-\d\d$/.test(iso) ? 'UTC' : zone());
  const pattern = (text: string, iso: string) =>
    shownAs(text, new Date(iso), { zone: zoneOf(iso), locale: LOCALES[language()] });

  return {
    date(iso) {
      const own = times()?.date_format;
      const text = own ? pattern(own, iso) : at(iso, { dateStyle: 'medium', timeZone: zoneOf(iso) });
      // One unit: a column of dates is not to be two lines high.
      return text.replaceAll(' ', '\u00a0');
    },
    dateTime(iso) {
      const own = times();
      return own
        ? pattern(`${own.date_format} ${own.time_format}`, iso)
        : at(iso, { dateStyle: 'medium', timeStyle: 'short' });
    },
    clock(time) {
      const own = times()?.time_format;
      return own
        ? shownAs(own, new Date(`2000-01-01T${time}:00Z`), { zone: 'UTC', locale: LOCALES[language()] })
        : time;
    },
    month: (iso) => at(iso, { month: 'short' }),
    longDate: (iso) => at(iso, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
    number: (value) => number(value),
    list: (parts) => new Intl.ListFormat(LOCALES[language()]).format(parts),
    bytes(count) {
      const step = count < 1 ? 0 : Math.min(4, Math.floor(Math.log(count) / Math.log(1000)));
      return `${number(count / 1000 ** step)}\u00a0${BYTES[language()][step]}`;
    },
    ago(iso) {
      const seconds = (Date.parse(iso) - Date.now()) / 1_000;
      const [unit, size] = AGO.find(([, from]) => Math.abs(seconds) >= from) ?? ['second', 1];
      const value = Math.round(seconds / size);
      return new Intl.RelativeTimeFormat(LOCALES[language()], { numeric: 'auto' }).format(value, unit);
    },
    duration(milliseconds) {
      if (milliseconds < 1_000) return `${number(milliseconds, 0)}\u00a0ms`;
      if (milliseconds < 60_000) return `${number(milliseconds / 1_000)}\u00a0s`;
      const seconds = Math.round(milliseconds / 1_000);
      const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
      const parts =
        hours > 0
          ? [`${hours}\u00a0h`, `${minutes}\u00a0min`]
          : [`${minutes}\u00a0min`, `${seconds % 60}\u00a0s`];
      return parts.join(' ');
    },
    phone: (text) => (/^0\d{9}$/.test(text) ? text.replace(/(\d\d)(?=\d)/g, '$1\u00a0') : text),
  };
}
