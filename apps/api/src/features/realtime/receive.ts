import { Envelope } from '@preau/contracts/realtime';
import type { Problem } from '@preau/contracts/fields';
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { AppError } from '../../platform/app-error.ts';
import { problemOf, toAppError } from '../../platform/problems.plugin.ts';
import { validateBody } from '../../platform/validation.ts';
import type { Services } from '../../services.ts';
import type { PlaceFinder } from '../../zones/place.ts';
import { VISITOR } from '../../zones/identify.ts';
import { assertMay, type Actor } from '../audit/index.ts';
import { admit } from './handshake.ts';
import { connectedOf } from './connected.ts';
import type { BoundOperation } from './realtime-part.ts';
import type { Consumer, Seat } from './seat.ts';

/** What a sender is told: the answer, or why there is none. */
export type Acknowledgement = { ok: true; data: unknown } | { ok: false; error: Problem };

export interface ReceiveOptions {
  services: Services;
  places: PlaceFinder;
  logger: Logger;
}

type Operations = ReadonlyMap<string, BoundOperation>;
const known = new WeakMap<Consumer, Operations>();

/** Operations of a consumer, by name. */
export function operationsOf(consumer: Consumer): Operations {
  let operations = known.get(consumer);
  if (!operations) {
    const all = consumer.parts.flatMap((part) => part.operations ?? []);
    known.set(consumer, (operations = new Map(all.map((bound) => [bound.contract.op, bound]))));
  }
  return operations;
}

/**
 * Takes a message: whether its sender is still who they were, whether it is for this organisation, whether there is such an
 * operation, whether they may, whether the data are as declared. What is refused is told to the sender alone.
 */
export function createReceive({ services, places, logger }: ReceiveOptions) {
  /** Who sends, now; the session's time begins anew. */
  async function sender(seat: Seat): Promise<Actor> {
    if (seat.loggedOut) return VISITOR;
    const { actor, tenant } = await admit({ ...seat, isUse: true }, places, services);
    seat.actor = actor;
    seat.tenant = tenant;
    return actor;
  }

  async function handle(seat: Seat, operations: Operations, message: unknown, requestId: string) {
    const { op, for_org: organisation, data } = validateBody(Envelope, message);
    const actor = await sender(seat);
    if (organisation !== seat.tenant.id) throw new AppError('wrong_organisation');
    const bound = operations.get(op);
    if (!bound) throw new AppError('unknown_operation', { details: { op } });
    const { permission, module } = bound.contract;
    if (permission !== 'anyone') {
      if (actor.type === 'visitor') throw new AppError('not_authenticated');
      assertMay(actor, permission);
    }
    if (module && !seat.tenant.modulesEnabled[module])
      throw new AppError('module_disabled', { details: { module } });
    return bound.handler({
      data: validateBody(bound.contract.data, data),
      connected: connectedOf(seat),
      actor,
      origin: { actor, ip: seat.ip, requestId },
      tenant: seat.tenant,
      language: seat.language,
    });
  }

  return async function receive(
    seat: Seat,
    operations: Operations,
    message: unknown,
  ): Promise<Acknowledgement> {
    const requestId = randomUUID();
    try {
      return { ok: true, data: (await handle(seat, operations, message, requestId)) ?? null };
    } catch (thrown) {
      const error = toAppError(thrown as Error);
      if (error.code === 'internal_error')
        logger.error({ req_id: requestId, err: error.options.cause ?? error }, 'a message failed');
      return { ok: false, error: problemOf(error, seat.language, requestId) };
    }
  };
}
