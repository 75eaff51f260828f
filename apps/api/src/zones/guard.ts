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
import { identify, presentedKey, VISITOR } from './identify.ts';

declare module 'fastify' {
  interface FastifyRequest {
    place: Place | null;
    actor: Actor;
  }
}

type Hook = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;

export const originOf = (request: FastifyRequest): Origin => ({
  actor: request.actor,
  ip: request.ip,
  requestId: request.id,
});

/** At a host of no school, a school's key stands for the school; any other, and none, for nothing. */
async function placeOfKey(
  request: FastifyRequest,
  place: Place | null,
  places: PlaceFinder,
  { apiKeys }: Services,
): Promise<Place | null> {
  const key = presentedKey(request.headers);
  if (key === null || (place?.kind !== 'base' && place?.kind !== 'console')) return place;
  request.actor = VISITOR;
  const actor = await apiKeys.authenticate(key, originOf(request)).catch((error: unknown) => {
    // Refused where it is asked for: a route that anyone may call does not ask.
    if (error instanceof AppError) return null;
    throw error;
  });
  return actor?.host ? places.load(actor.host) : place;
}

/**
 * The hook of one route, before its body is read: where it is, whether the school is open, who asks, whether they may.
 * Synchronous for a route that anyone may call at a host in memory, and for who reads there with a session in memory.
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
    if (!open)
      request.actor = await identify(
        { headers: request.headers, origin: originOf(request), place, isUse: !contract.inBackground },
        services,
      );
    try {
      admit(request, place);
    } catch (error) {
      await refuseChange(services, request, contract, error);
    }
  }

  function admit({ actor }: FastifyRequest, place: Place): void {
    authorise(contract, actor, place);
    if (contract.zone === 'tenant' && place.tenant && !contract.inBackground)
      services.lastAccess.touch(place.tenant.id);
  }

  const enterSlowly = callbackify(async (request: FastifyRequest): Promise<void> => {
    const host = await places.load(request.headers.host);
    const place = enter(request, await placeOfKey(request, host, places, services));
    await checkActor(request, place);
  });

  /** The person of a session in memory, if it was opened here. */
  function recall({ headers }: FastifyRequest, { tenant }: Place): Actor | null {
    const token = services.sessionCookie.read(headers.cookie);
    const actor = token === null ? null : services.sessions.recall(token);
    return actor && actor.tenantId === (tenant?.id ?? null) ? actor : null;
  }

  return (request, _reply, done) => {
    if (unsafe || presentedKey(request.headers) !== null) return enterSlowly(request, done);
    try {
      const found = places.peek(request.headers.host);
      if (found === undefined) return enterSlowly(request, done);
      const place = enter(request, found);
      if (!open) {
        const actor = recall(request, place);
        if (!actor) return enterSlowly(request, done);
        request.actor = actor;
        admit(request, place);
      } else if (contract.module) authorise(contract, VISITOR, place);
    } catch (error) {
      return done(error as Error);
    }
    done();
  };
}
