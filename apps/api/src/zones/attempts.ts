import type { RouteContract } from '@preau/contracts/define-route';
import type { FastifyRequest } from 'fastify';
import type { Redis } from 'ioredis';
import {
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import { AppError } from '../platform/app-error.ts';

/** Carries out a request that tries a secret or sends mail, unless too many did. Throws `too_many_requests`. */
export interface Attempts {
  of<R>(
    kind: NonNullable<RouteContract['attempts']>,
    request: FastifyRequest,
    work: () => Promise<R>,
  ): Promise<R>;
}

interface Subject {
  address: string;
  /** The e-mail address that is tried, or who asks; empty when the route names neither. */
  account: string;
  /** Whether this browser has got into the account before. */
  known: boolean;
  route: string;
}

interface Limit {
  points: number;
  seconds: number;
  /** What is counted together; null: not at all. */
  keyOf(subject: Subject): string | null;
}

const HOUR = 3_600;
const pair = ({ address, account, route }: Subject) => `${address}|${account || route}`;

/**
 * A whole school sits behind one address, and anyone may try anyone's account: no limit on one of the two alone may keep out who
 * belongs. So the narrow limit is on both together; that on an account spares browsers that have been in it, and a new password
 * by mail makes one of any browser; that on an address is wide.
 */
const LIMITS: Readonly<Record<'secrets' | 'mails', Readonly<Record<string, Limit>>>> = {
  secrets: {
    pair: { points: 20, seconds: HOUR, keyOf: pair },
    account: {
      points: 50,
      seconds: HOUR,
      keyOf: ({ account, known }) => (account === '' || known ? null : account),
    },
    address: { points: 300, seconds: HOUR / 6, keyOf: ({ address }) => address },
  },
  mails: {
    pair: { points: 5, seconds: HOUR, keyOf: (subject) => `${pair(subject)}|${subject.route}` },
    address: { points: 300, seconds: HOUR, keyOf: ({ address }) => address },
  },
};

function tooMany({ msBeforeNext }: RateLimiterRes): AppError {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1_000));
  return new AppError('too_many_requests', {
    details: { retry_after: seconds },
    headers: { 'retry-after': String(seconds) },
  });
}

/**
 * Counts attempts over an hour: in Redis for all processes together, in memory without it or while it is gone. Each attempt is
 * counted before it is made, so that a hundred at once are a hundred; one that succeeds at a secret is taken off again.
 */
export function createAttempts({
  redis,
  knows,
}: {
  redis: Redis | null;
  knows: (cookies: string | undefined, account: string) => boolean;
}): Attempts {
  const limiterOf = (
    kind: string,
    name: string,
    { points, seconds: duration }: Limit,
  ): RateLimiterAbstract => {
    const options = { keyPrefix: `preau:attempts:${kind}:${name}`, points, duration };
    const memory = new RateLimiterMemory(options);
    return redis
      ? new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter: memory })
      : memory;
  };
  const limiters = Object.fromEntries(
    Object.entries(LIMITS).map(([kind, limits]) => [
      kind,
      Object.entries(limits).map(([name, limit]) => ({
        keyOf: limit.keyOf,
        limiter: limiterOf(kind, name, limit),
      })),
    ]),
  ) as Record<'secrets' | 'mails', { keyOf: Limit['keyOf']; limiter: RateLimiterAbstract }[]>;

  function subjectOf({ ip, body, actor, headers, routeOptions, place }: FastifyRequest): Subject {
    const { email } = (body ?? {}) as { email?: unknown };
    const typed = typeof email === 'string' ? email.trim().toLowerCase() : '';
    const account = actor.type === 'user' ? actor.id : typed;
    return {
      address: ip,
      account,
      known: typed !== '' && knows(headers.cookie, typed),
      route: `${routeOptions.url ?? ''}@${place?.host ?? ''}`,
    };
  }

  return {
    async of(kind, request, work) {
      const subject = subjectOf(request);
      const counted: { limiter: RateLimiterAbstract; key: string }[] = [];
      const takeBack = () =>
        Promise.all(counted.map(({ limiter, key }) => limiter.reward(key).catch(() => undefined)));
      for (const { limiter, keyOf } of limiters[kind]) {
        const key = keyOf(subject);
        if (key === null) continue;
        try {
          await limiter.consume(key);
          counted.push({ limiter, key });
        } catch (refusal) {
          // What one limit refuses is not held against the others.
          await takeBack();
          throw refusal instanceof RateLimiterRes ? tooMany(refusal) : refusal;
        }
      }
      const answer = await work();
      if (kind === 'secrets') await takeBack();
      return answer;
    },
  };
}
