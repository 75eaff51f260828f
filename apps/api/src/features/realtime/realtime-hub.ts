import type { Delivered, EventData, EventName } from '@preau/contracts/realtime';
import { MOST_MESSAGE_BYTES } from '@preau/contracts/realtime';
import {
  publishChange,
  realtimeGroupRoom,
  realtimeRoom,
  realtimeUserRoom,
  type Change,
  type Tenancy,
  type TenantTrx,
} from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { violatesForeignKey } from '../../platform/database-errors.ts';
import { keepMessage, type Kept } from './message-log.repository.ts';

export type RealtimeHub = ReturnType<typeof createRealtimeHub>;

/** Whoever has sockets in this process. */
export interface HubListener {
  changed(change: Change): void;
  /** The feed was cut and is back: anything may have been missed. */
  gap(): void;
  doubt(doubtful: boolean): void;
}

/** Carries a message to the sockets of all processes faster than a notice does. @returns whether it surely did. */
export type Carrier = (room: string, message: Delivered) => Promise<boolean>;

/** Room of a group across schools: in whichever school its members are. */
export const publicGroupRoom = (groupId: string): string => `public-group:${groupId}`;
/** Room of whoever watches whether a member is connected. */
export const presenceRoom = (tenantId: string, userId: string): string =>
  `${realtimeRoom({ id: tenantId })}:presence:${userId}`;

export type Audience = { to: 'organisation' } | { to: 'user'; id: string } | { to: 'group'; id: string };

/** Separately to each of so many; to more the school is told at once, and each asks for their own. */
const MOST_USERS = 50;

function assertSmall(op: string, data: object): void {
  if (Buffer.byteLength(JSON.stringify(data)) > MOST_MESSAGE_BYTES)
    throw new Error(`A message ${op} is a hint of ${MOST_MESSAGE_BYTES} bytes at most`);
}

/**
 * Says things to open sockets, from whichever process: a server, a worker, the command line. A message is put down in the
 * database, for clients that are away for a moment, and told to all servers: by the carrier of this process where there is one,
 * else by a notice of PostgreSQL.
 */
export function createRealtimeHub({ tenancy }: { tenancy: Tenancy }) {
  const listeners = new Set<HubListener>();
  let carrier: Carrier | null = null;
  let generation = 0;

  async function send(room: string, tenantId: string | null, op: string, data: object): Promise<void> {
    assertSmall(op, data);
    const unsent = { id: uuidv7(), op, for_org: tenantId, data: data as Record<string, unknown> };
    const notify = (message: Kept): Change => ({ kind: 'message', id: JSON.stringify(message) });
    const carried = carrier;
    const at = await tenancy
      .central(async ({ trx }) => {
        const moment = await keepMessage(trx, { ...unsent, room });
        if (!carried) await publishChange(trx, notify({ ...unsent, room, at: moment }));
        return moment;
      })
      .catch((error: unknown) => {
        // Erased since the commit that this tells of: nobody is left to hear it.
        if (violatesForeignKey(error, 'realtime_messages_tenant_id')) return null;
        throw error;
      });
    if (at === null) return;
    if (!carried || (await carried(room, { ...unsent, at }))) return;
    await tenancy.central(({ trx }) => publishChange(trx, notify({ ...unsent, room, at })));
  }

  return {
    /** To one member of a school, on all their devices. After the commit of what it tells of. */
    toUser: <Name extends EventName>(
      { tenantId, userId }: { tenantId: string; userId: string },
      op: Name,
      data: EventData<Name>,
    ): Promise<void> => send(realtimeUserRoom({ id: tenantId }, userId), tenantId, op, data),

    /** To several members: what it says must not be a secret from the others of the school. */
    async toUsers<Name extends EventName>(
      { tenantId, userIds }: { tenantId: string; userIds: readonly string[] },
      op: Name,
      data: EventData<Name>,
    ): Promise<void> {
      const room = realtimeRoom({ id: tenantId });
      if (userIds.length > MOST_USERS) return send(room, tenantId, op, data);
      for (const userId of userIds)
        await send(realtimeUserRoom({ id: tenantId }, userId), tenantId, op, data);
    },

    /** To everybody of a school. */
    toOrganisation: <Name extends EventName>(
      { tenantId }: { tenantId: string },
      op: Name,
      data: EventData<Name>,
    ): Promise<void> => send(realtimeRoom({ id: tenantId }), tenantId, op, data),

    /** To a group of a school. */
    toGroup: <Name extends EventName>(
      { tenantId, groupId }: { tenantId: string; groupId: string },
      op: Name,
      data: EventData<Name>,
    ): Promise<void> => send(realtimeGroupRoom({ id: tenantId }, groupId), tenantId, op, data),

    /** To a group across schools. */
    toPublicGroup: <Name extends EventName>(
      { groupId }: { groupId: string },
      op: Name,
      data: EventData<Name>,
    ): Promise<void> => send(publicGroupRoom(groupId), null, op, data),

    /** In the transaction of what it tells of: said at its commit, surely, and never after a rollback. */
    async tell<Name extends EventName>(
      trx: TenantTrx,
      audience: Audience,
      op: Name,
      data: EventData<Name>,
    ): Promise<void> {
      assertSmall(op, data);
      await trx.raw('SELECT tenant_api.tell(?, ?, ?, ?, ?::jsonb)', [
        uuidv7(),
        audience.to,
        audience.to === 'organisation' ? null : audience.id,
        op,
        JSON.stringify(data),
      ] as never);
    },

    /** Not put down: true of this moment only. */
    whisper: (room: string, tenantId: string, op: EventName, data: object): Promise<void> =>
      tenancy.central(({ trx }) =>
        publishChange(trx, {
          kind: 'message',
          id: JSON.stringify({
            room,
            id: uuidv7(),
            at: new Date().toISOString(),
            op,
            for_org: tenantId,
            data,
          }),
        }),
      ),

    carryBy(by: Carrier | null): void {
      carrier = by;
    },
    listen(listener: HubListener): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Moves with every change of a right or a group that was heard of: what was read before it may be old. */
    get generation(): number {
      return generation;
    },
    changed(change: Change): void {
      // Messages take nobody's right; a school that comes in at eight would be asked for again at each of its own.
      if (change.kind !== 'message') generation += 1;
      listeners.forEach((listener) => listener.changed(change));
    },
    gap(): void {
      generation += 1;
      listeners.forEach((listener) => listener.gap());
    },
    doubt(doubtful: boolean): void {
      listeners.forEach((listener) => listener.doubt(doubtful));
    },
  };
}
