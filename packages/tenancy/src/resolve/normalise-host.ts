import { domainToASCII } from 'node:url';

const HOST =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/**
 * The host name of a `Host` header: lower case, without port or trailing dot.
 * @returns null for anything that is not one DNS name: empty, an IPv6 literal, credentials, spaces, control bytes,
 * non-ASCII. The header is the peer's word, so the answer is refused rather than repaired.
 */
export function normaliseHost(header: string | undefined): string | null {
  if (!header || header.length > 262) return null;
  let host = header;
  const colon = host.indexOf(':');
  if (colon >= 0) {
    if (!/^\d{1,5}$/.test(host.slice(colon + 1))) return null;
    host = host.slice(0, colon);
  }
  if (host.endsWith('.')) host = host.slice(0, -1);
  host = host.toLowerCase();
  return HOST.test(host) ? host : null;
}

/**
 * A domain as a person typed it, in the one form that is stored: IDN to punycode, lower case, no trailing dot.
 * @returns null when it is not a domain name (a scheme, port or path, an address, a single label, a bad label).
 */
export function normaliseDomain(text: string): string | null {
  const trimmed = text.trim().replace(/\.$/, '');
  if (/[\s:/@?#\\]/.test(trimmed)) return null;
  const ascii = domainToASCII(trimmed);
  if (!ascii || !HOST.test(ascii) || ascii.includes('_') || !ascii.includes('.')) return null;
  // An all-digit last label is an IPv4 address or reads as one.
  return /\.\d+$/.test(ascii) ? null : ascii;
}
