import { setTimeout as delay } from 'node:timers/promises';
import type { CloseCode } from '@preau/contracts/realtime-vocabulary';
import { ask } from '../ask.ts';
import { exactly, figure, within, type Result } from '../report.ts';
import { median, percentile } from '../statistics.ts';
import { monotonic } from './clock.ts';
import type { FullSchool } from './people.ts';
import type { Closed, Sockets } from './sockets.ts';

const GOAL_MS = 1_000;
const LATE = 5_000;

export interface EndsOptions {
  sockets: Sockets;
  schools: readonly FullSchool[];
  /** Of the two servers. */
  urls: readonly [string, string];
  /** Names of the sockets that are open. */
  open: Set<string>;
  /** Names of the sockets of a school, of a person in it, of one of their sessions. */
  keysOf(school: number, member?: number, session?: number): string[];
  /** A key of the platform that may close schools. */
  platformKey: string;
  console: string;
  trials: number;
}

/** Ends rights to sockets through one server or the other, and sees which sockets close on both, how soon, and why. */
export async function measureEnds(options: EndsOptions): Promise<Result[]> {
  const { sockets, schools, urls, open, keysOf, trials } = options;
  const closed = new Map<string, Closed>();
  sockets.onClosed((one) => closed.set(one.key, one));
  let wrong = 0;
  let still = 0;

  /** @returns how long each took. */
  async function end(
    expected: readonly string[],
    code: CloseCode,
    act: () => ReturnType<typeof ask>,
  ): Promise<number[]> {
    closed.clear();
    const began = monotonic();
    const { status, body } = await act();
    if (status >= 300) throw new Error(`Not ended: ${status} ${body}`);
    while (!expected.every((key) => closed.has(key)) && monotonic() - began < LATE) await delay(5);
    const ends = expected.map((key) => closed.get(key));
    still += ends.filter((one) => !one).length;
    wrong += [...closed.values()].filter((one) => !expected.includes(one.key) || one.code !== code).length;
    closed.forEach((_, key) => open.delete(key));
    return ends.map((one) => (one ? one.at - began : LATE));
  }
  const school = (number: number): FullSchool => {
    const found = schools[number % schools.length];
    if (!found) throw new Error('No schools');
    return found;
  };
  const url = (trial: number): string => `${urls[trial % 2]}/api/v1`;
  const repeat = async (one: (trial: number) => Promise<number[]>): Promise<number[]> => {
    const took: number[] = [];
    for (let trial = 0; trial < trials; trial += 1) took.push(...(await one(trial)));
    return took;
  };

  const loggedOut = await repeat((trial) => {
    const { host, people } = school(trial);
    return end(keysOf(trial % schools.length, 1, 0), 'logged_out', () =>
      ask(`${url(trial)}/auth/logout/`, {
        method: 'POST',
        headers: { host, cookie: people[1]?.cookies[0] ?? '' },
      }),
    );
  });
  const roleChanged = await repeat((trial) => {
    const at = (trial + trials) % schools.length;
    const { host, people } = school(at);
    return end(keysOf(at, 2), 'role_changed', () =>
      ask(`${url(trial)}/members/${people[2]?.id}/`, {
        method: 'PATCH',
        headers: { host, cookie: people[0]?.cookies[0] ?? '' },
        body: { role: 'staff' },
      }),
    );
  });
  const suspended = await repeat((trial) =>
    end(
      keysOf(trial).filter((key) => open.has(key)),
      'tenant_inactive',
      () =>
        ask(`${url(trial)}/tenants/${school(trial).id}/deactivate/`, {
          method: 'POST',
          headers: { host: options.console, 'api-key': options.platformKey },
          body: { reason: 'Travaux' },
        }),
    ),
  );
  const { connected } = await sockets.counts();
  return [
    ...Object.entries({
      'log-out': loggedOut,
      'change of role': roleChanged,
      suspension: suspended,
    }).flatMap(([name, took]) => [
      figure(`sockets closed by ${name}`, took.length, 'sockets'),
      figure(`${name} closes them, median`, median(took), 'ms'),
      within(`${name} closes them, 99th percentile`, percentile(took, 0.99), GOAL_MS),
    ]),
    exactly('sockets closed for no or another reason', wrong, 0, 'sockets'),
    exactly('sockets that stayed open', still, 0, 'sockets'),
    exactly('other sockets that are open after that', connected, open.size, 'sockets'),
  ];
}
