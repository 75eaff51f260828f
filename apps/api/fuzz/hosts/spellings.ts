import type { Seeded } from '../seeded.ts';

/** A request by the hosts it names, as bytes. */
export interface Spelled {
  /** Lines of the head after the request line, in Latin-1. */
  lines: string[];
  /** Whole request line. */
  requestLine: string;
}

type Twist = (text: string, seeded: Seeded) => string;

const anyByte = (seeded: Seeded): string => String.fromCharCode(seeded.whole(256));
const insert: Twist = (text, seeded) => {
  const at = seeded.whole(text.length + 1);
  return text.slice(0, at) + anyByte(seeded) + text.slice(at);
};

/** What people, programs and attackers make of a host name. */
const TWISTS: readonly Twist[] = [
  (text) => text,
  (text, seeded) => text.replace(/[a-z]/g, (letter) => (seeded.whole(2) ? letter.toUpperCase() : letter)),
  (text, seeded) =>
    `${text}:${seeded.pick(['80', '3000', '65535', '0', '', '99999999', '-1', 'http', '80:80'])}`,
  (text, seeded) => text + '.'.repeat(1 + seeded.whole(3)),
  (text, seeded) => `${seeded.pick(['user@', 'user:pass@', 'http://', '//', '.', ' ', '\t', '*.'])}${text}`,
  (text, seeded) =>
    text + seeded.pick(['/x', '?x', '#x', '\\x', '%00', '%2e', ' ', '\t', ';', ',', '\u0000']),
  (text) => text.replace('.', '..'),
  (text) => text.replace('.', '%2e'),
  (text) => text.replace('o', '\u043e'),
  (text) => text.replace('-', '\u2010'),
  (text) => `${text}, ${text}`,
  (text, seeded) => text + 'a'.repeat(seeded.whole(300)),
  (text, seeded) => `${'a.'.repeat(seeded.whole(140))}${text}`,
  (text) => `[${text}]`,
  () => '[::1]',
  () => '127.0.0.1',
  () => '',
  (text) => `xn--${text}`,
  (text, seeded) => text.slice(0, seeded.whole(text.length)),
  (text, seeded) => text.slice(1 + seeded.whole(text.length)),
  insert,
  (text, seeded) => insert(insert(text, seeded), seeded),
];

const PRETENDING = [
  'X-Forwarded-Host',
  'X-Host',
  'X-Original-Host',
  'X-Forwarded-Server',
  'Forwarded',
  'X-Tenant',
];
const PATH = '/api/v1/current-tenant/theme/';

/** Line ends and what ends a head are the request's frame: within a name they would begin another request. */
const framed = (text: string): string => text.replace(/[\r\n]/g, '');

/** One request that names some of the hosts in hostile ways. */
export function spell(seeded: Seeded, hosts: readonly string[]): Spelled {
  const host = (): string => {
    let text = seeded.pick(hosts);
    for (let times = seeded.whole(3); times >= 0; times -= 1) text = seeded.pick(TWISTS)(text, seeded);
    return framed(text);
  };
  const lines: string[] = [];
  for (let count = seeded.weighted({ one: 16, none: 1, two: 2 }) === 'two' ? 2 : 1; count > 0; count -= 1)
    lines.push(`${seeded.pick(['Host', 'host', 'HOST'])}: ${host()}`);
  if (seeded.whole(20) === 0) lines.length = 0;
  if (seeded.whole(3) === 0) {
    const name = seeded.pick(PRETENDING);
    lines.push(`${name}: ${name === 'Forwarded' ? 'host=' : ''}${seeded.pick(hosts)}`);
  }
  const target = seeded.whole(10) === 0 ? `http://${seeded.pick(hosts)}${PATH}` : PATH;
  return { lines, requestLine: `GET ${target} HTTP/1.${seeded.whole(10) === 0 ? 0 : 1}` };
}

/**
 * Which host a request may at most be taken for, by a rule of its own: exactly one Host line whose text is the name, whatever its
 * case, with at most one dot and one port after it. White space around a header's value belongs to the frame (RFC 9112 §5.1).
 */
export function meant({ lines }: Spelled, hosts: readonly string[]): string | null {
  const given = lines.filter((line) => /^host:/i.test(line));
  const [only] = given;
  if (only === undefined || given.length > 1) return null;
  const text = only.slice(5).replace(/^[ \t]+|[ \t]+$/g, '');
  return (
    hosts.find((host) => {
      if (text.slice(0, host.length).toLowerCase() !== host) return false;
      return /^\.?(:\d{1,5})?$/.test(text.slice(host.length));
    }) ?? null
  );
}
