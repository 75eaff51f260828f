import type { Language } from '@preau/contracts/vocabulary';
import { inject, provide, type InjectionKey } from 'vue';
import { useI18n } from 'vue-i18n';

/** IANA name of the zone that times are told in: the school's. */
type Zone = () => string;
const ZONE: InjectionKey<Zone> = Symbol('preau-time-zone');
const DEFAULT_ZONE = 'Europe/Paris';

const LOCALES: Record<Language, string> = { fr: 'fr-FR', en: 'en-GB' };
const BYTES: Record<Language, readonly string[]> = {
  fr: ['o', 'Ko', 'Mo', 'Go', 'To'],
  en: ['B', 'KB', 'MB', 'GB', 'TB'],
};

export function provideTimeZone(zone: Zone): void {
  provide(ZONE, zone);
}

/** The school's zone, for what is a day there and not here. */
export const useTimeZone = (): Zone => inject(ZONE, () => DEFAULT_ZONE, false);

export interface Format {
  date(iso: string): string;
  dateTime(iso: string): string;
  longDate(iso: string): string;
  number(value: number): string;
  bytes(count: number): string;
  /** Of a number of milliseconds. */
  duration(milliseconds: number): string;
  /** French numbers in pairs, as they are said; others as they are. */
  phone(number: string): string;
}

/** Dates in the school's zone, figures and sizes, in the reader's language. */
export function useFormat(ownZone?: Zone): Format {
  const { locale } = useI18n({ useScope: 'global' });
  const zone = ownZone ?? inject(ZONE, () => DEFAULT_ZONE, false);
  const language = () => locale.value as Language;
  const at = (iso: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(LOCALES[language()], { timeZone: zone(), ...options }).format(new Date(iso));
  const number = (value: number, digits = 1) =>
    new Intl.NumberFormat(LOCALES[language()], { maximumFractionDigits: digits }).format(value);

  return {
    // One unit: a column of dates is not to be two lines high.
    // A bare date is a day of the calendar: read as midnight UTC, it would be the day before further west.
    date: (iso) =>
      at(iso, {
        dateStyle: 'medium',
        ...(/^\d{4}-\d\d-\d\d$/.test(iso) ? { timeZone: 'UTC' } : {}),
      }).replaceAll(' ', '\u00a0'),
    dateTime: (iso) => at(iso, { dateStyle: 'medium', timeStyle: 'short' }),
    longDate: (iso) => at(iso, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
    number: (value) => number(value),
    bytes(count) {
      const step = count < 1 ? 0 : Math.min(4, Math.floor(Math.log(count) / Math.log(1000)));
      return `${number(count / 1000 ** step)}\u00a0${BYTES[language()][step]}`;
    },
    duration: (milliseconds) =>
      milliseconds < 1_000 ? `${number(milliseconds, 0)}\u00a0ms` : `${number(milliseconds / 1_000)}\u00a0s`,
    phone: (text) => (/^0\d{9}$/.test(text) ? text.replace(/(\d\d)(?=\d)/g, '$1\u00a0') : text),
  };
}
