/** Where and for whom a moment is told. */
export interface Teller {
  /** IANA name. */
  zone: string;
  /** Of the names of months and days. */
  locale: string;
}

const twelve = (hour: number): number => hour % 12 || 12;
const two = (value: number): string => String(value).padStart(2, '0');

/**
 * A moment by a pattern of strftime: `%d/%m/%Y`, `%H:%M`. Knows the codes that schools use (`d e m y Y H I M S p a A b B %`);
 * another stays as it is written, so that a mistake is seen.
 */
export function shownAs(pattern: string, moment: Date, { zone, locale }: Teller): string {
  const numbers = Object.fromEntries(
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
      .formatToParts(moment)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>;
  const named = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(locale, { timeZone: zone, ...options }).format(moment);
  const { year, month, day, hour, minute, second } = numbers;
  return pattern.replace(/%([a-zA-Z%])/g, (written, code: string) => {
    switch (code) {
      case 'd':
        return two(day);
      case 'e':
        return String(day);
      case 'm':
        return two(month);
      case 'y':
        return two(year % 100);
      case 'Y':
        return String(year);
      case 'H':
        return two(hour);
      case 'I':
        return two(twelve(hour));
      case 'M':
        return two(minute);
      case 'S':
        return two(second);
      case 'p':
        return hour < 12 ? 'AM' : 'PM';
      case 'a':
        return named({ weekday: 'short' });
      case 'A':
        return named({ weekday: 'long' });
      case 'b':
        return named({ month: 'short' });
      case 'B':
        return named({ month: 'long' });
      case '%':
        return '%';
      default:
        return written;
    }
  });
}
