import { isIP } from 'node:net';
import { normaliseDomain } from '@preau/tenancy';
import { isPossiblePhoneNumber } from 'libphonenumber-js/min';

/** String formats of the contracts, each with the code of its error. */

const UAI_LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';

/** Seven digits and the check letter: the number modulo 23, in an alphabet without I, O and Q. */
export function isUai(value: string): boolean {
  const match = /^(\d{7})([A-Z])$/i.exec(value);
  return match !== null && UAI_LETTERS[Number(match[1]) % 23] === match[2]?.toUpperCase();
}

/** One DNS label. Upper case is folded later, so it is fine here. */
export const isSubdomain = (value: string): boolean => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(value);

export const isEmail = (value: string): boolean =>
  value.length <= 254 &&
  /^[^\s@<>()[\]\\,;:"]{1,64}@(?:[^\s@.<>()[\]\\,;:"]{1,63}\.)*[^\s@.<>()[\]\\,;:"]{1,63}$/.test(value);

function isHttpUrl(value: string): boolean {
  if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) return false;
  const { hostname, username, password } = new URL(value);
  return hostname !== '' && username === '' && password === '';
}

function isDate(value: string): boolean {
  if (!/^(?!0000)\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

const DAY_MS = 86_400_000;
/** The day that it is somewhere already, at most. */
const isPastDate = (value: string): boolean =>
  isDate(value) && Date.parse(`${value}T00:00:00Z`) <= Date.now() + DAY_MS;

/** A day, a time of the school's clock, or a time with its offset. */
function isMoment(value: string): boolean {
  const [day = '', time] = value.split(/T/i);
  if (!isDate(day)) return false;
  return (
    time === undefined ||
    /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?$/i.test(time)
  );
}

function isTimezone(value: string): boolean {
  try {
    // Not « +02:00 », which has no summer.
    return /^[A-Z]/.test(new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone);
  } catch {
    return false;
  }
}

/** An IP address, or a network of them in CIDR notation. */
export function isCidr(value: string): boolean {
  const [address = '', bits, ...rest] = value.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

export const FORMATS = {
  uuid: { code: 'uuid', test: (value) => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value) },
  'date-time': {
    code: 'format',
    test: (value) =>
      /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(value) &&
      !Number.isNaN(Date.parse(value)),
  },
  date: { code: 'date', test: isDate },
  'past-date': { code: 'past_date', test: isPastDate },
  moment: { code: 'moment', test: isMoment },
  tag: { code: 'tag', test: (value) => /^[\p{L}\p{N}](?:[\p{L}\p{N}' ’-]*[\p{L}\p{N}])?$/u.test(value) },
  email: { code: 'email', test: isEmail },
  'http-url': { code: 'url', test: isHttpUrl },
  color: { code: 'color', test: (value) => /^#[0-9a-f]{6}$/i.test(value) },
  phone: { code: 'phone', test: (value) => isPossiblePhoneNumber(value, 'FR') },
  uai: { code: 'uai', test: isUai },
  subdomain: { code: 'subdomain_format', test: isSubdomain },
  domain: { code: 'domain_format', test: (value) => normaliseDomain(value) !== null },
  cidr: { code: 'cidr', test: isCidr },
  timezone: { code: 'timezone', test: isTimezone },
  'not-blank': { code: 'blank', test: (value) => value.trim() !== '' },
} as const satisfies Record<string, { code: string; test: (value: string) => boolean }>;
