import type { RouteContract } from '@preau/contracts/define-route';
import { ERRORS, type ErrorCode } from '@preau/contracts/error-codes';
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
  /** Name of a browser that has got into the account before. */
  device: string | null;
  route: string;
}

interface Limit {
  points: number;
  seconds: number;
  /** What is counted together; null: not at all. */
  keyOf(subject: Subject): string | null;
}

const HOUR = 3_600;

/**
 * A whole school sits behind one address, and anyone may try anyone's account: no limit on either may keep out who belongs. So a
 * browser that has been in an account is counted by itself alone, and a new password by mail makes one of any browser. For the
 * others the narrow limit is on both together; that on an account slows down guessing from many addresses; that on an address
 * is wide. What proves itself by a long secret names no account: it is not guessed, and its address alone is counted.
 */
const LIMITS: Readonly<Record<'secrets' | 'mails', Readonly<Record<string, Limit>>>> = {
  secrets: {
    device: {
      points: 20,
      seconds: HOUR,
      keyOf: ({ account, device }) => device && `${device}|${account}`,
    },
    pair: {
      points: 20,
      seconds: HOUR,
      keyOf: ({ address, account, device }) => (device || account === '' ? null : `${address}|${account}`),
    },
    account: {
      points: 50,
      seconds: HOUR,
      keyOf: ({ account, device }) => (device || account === '' ? null : account),
    },
    address: {
      points: 300,
      seconds: HOUR / 6,
      keyOf: ({ address, route, device }) => (device ? null : `${address}|${route}`),
    },
  },
  mails: {
    pair: {
      points: 5,
      seconds: HOUR,
      keyOf: ({ address, account, route }) => `${address}|${account}|${route}`,
    },
    address: { points: 300, seconds: HOUR, keyOf: ({ address }) => address },
  },
};

/** Refusals of who had the right secret: nothing was guessed. */
const RIGHT_SECRET: ReadonlySet<ErrorCode> = new Set([
  'membership_pending',
  'registration_closed',
  'second_factor_required',
]);

/** What fails by itself, a database that is gone, is held against nobody either: all would be out when it is back. */
const isGuess = (error: unknown): boolean =>
  error instanceof AppError && ERRORS[error.code].status < 500 && !RIGHT_SECRET.has(error.code);

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
  knows: (cookies: string | undefined, account: string) => string | null;
}): Attempts {
  const limiterOf = (
    kind: string,
    name: string,
    { points, seconds: duration }: Limit,
  ): RateLimiterAbstract => {
    const options = { keyPrefix: `preau:attempts:${kind}:${name}`, points, duration };
    const memory = new RateLimiterMemory(options);
    return redis
      ? new RateLimiterRedis({
          ...options,
          storeClient: redis,
          insuranceLimiter: memory,
          rejectIfRedisNotReady: true,
        })
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
      device: typed === '' ? null : knows(headers.cookie, typed),
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
      try {
        const answer = await work();
        if (kind === 'secrets') await takeBack();
        return answer;
      } catch (error) {
        if (!isGuess(error)) await takeBack();
        throw error;
      }
    },
  };
}
