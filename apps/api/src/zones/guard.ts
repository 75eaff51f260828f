import { callbackify } from 'node:util';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RouteContract } from '@preau/contracts/define-route';
import { AppError } from '../platform/app-error.ts';
import type { Services } from '../services.ts';
import type { Actor, Origin } from '../features/audit/index.ts';
import { authorise, refuseCrossSite } from './authorise.ts';
import type { Place, PlaceFinder } from './place.ts';
import { movedTo, refusalAt } from './zones.ts';
import { refuseChange } from './refusals.ts';

declare module 'fastify' {
  interface FastifyRequest {
    place: Place | null;
    actor: Actor;
  }
}

export const VISITOR: Actor = { type: 'visitor', id: null, label: 'visitor' };

type Hook = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;

export const originOf = (request: FastifyRequest): Origin => ({
  actor: request.actor,
  ip: request.ip,
  requestId: request.id,
});

/** The key of either header: `api-key: <key>` or `Authorization: Api-Key <key>`. */
function presentedKey(headers: FastifyRequest['headers']): string | null {
  const plain = headers['api-key'];
  if (typeof plain === 'string') return plain.trim();
  return /^Api-Key\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}

/** Who asks. A key wins over a cookie; a cookie counts only where its session was opened. */
async function identify(
  request: FastifyRequest,
  place: Place,
  { sessions, apiKeys, sessionCookie }: Services,
): Promise<Actor> {
  const key = presentedKey(request.headers);
  if (key !== null) return apiKeys.authenticate(key);
  const token = sessionCookie.read(request.headers.cookie);
  const actor = token === null ? null : await sessions.authenticate(token);
  if (!actor) return VISITOR;
  const here = place.tenant?.id ?? null;
  if (actor.tenantId !== here) return sessions.refuseWrongHost(actor, originOf(request), place.tenant);
  return actor;
}

/**
 * The hook of one route, before its body is read: where it is, whether the school is open, who asks, whether they may.
 * Synchronous for a route that anyone may call at a host in memory.
 */
export function guardRoute(contract: RouteContract, places: PlaceFinder, services: Services): Hook {
  const open = contract.permission === 'anyone';
  const unsafe = contract.method !== 'GET';

  function enter(request: FastifyRequest, place: Place | null): Place {
    if (!place) throw new AppError('misdirected_host');
    request.place = place;
    request.actor = VISITOR;
    if (place.tenant) request.tenantId = place.tenant.id;
    if (place.kind === 'moved') throw movedTo(place, services.base, request.url);
    const refusal = refusalAt(contract, place);
    if (refusal) throw refusal;
    return place;
  }

  async function checkActor(request: FastifyRequest, place: Place): Promise<void> {
    if (unsafe && presentedKey(request.headers) === null) refuseCrossSite(request.method, request.headers);
    if (!open) request.actor = await identify(request, place, services);
    try {
      authorise(contract, request.actor, place);
    } catch (error) {
      await refuseChange(services, request, contract, error);
    }
    if (contract.zone === 'tenant' && place.tenant) services.lastAccess.touch(place.tenant.id);
  }

  const enterSlowly = callbackify(async (request: FastifyRequest): Promise<void> => {
    const place = enter(request, await places.load(request.headers.host));
    await checkActor(request, place);
  });

  return (request, _reply, done) => {
    if (!open || unsafe) return enterSlowly(request, done);
    try {
      const place = places.peek(request.headers.host);
      if (place === undefined) return enterSlowly(request, done);
      enter(request, place);
    } catch (error) {
      return done(error as Error);
    }
    done();
  };
}
