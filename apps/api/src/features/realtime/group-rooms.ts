import { realtimeGroupRoom, type Tenancy } from '@preau/tenancy';
import { groupIdsOfMany, publicGroupIdsOfMany } from '../groups/index.ts';
import { connectedOf } from './connected.ts';
import { publicGroupRoom } from './realtime-hub.ts';
import type { Seat, Seats } from './seat.ts';

/** Keeps sockets in the rooms of the groups that their people are in. */
export function createGroupRooms({ tenancy, seats }: { tenancy: Tenancy; seats: Seats }) {
  /** Rooms for sockets of one school, as the database says now. @returns those that moved. */
  async function seatGroups(tenantId: string, own: readonly Seat[]): Promise<Seat[]> {
    const people = own.flatMap((seat) =>
      seat.actor.type === 'user' && !seat.loggedOut ? [{ seat, id: seat.actor.id }] : [],
    );
    const [first] = people;
    if (!first) return [];
    const ids = [...new Set(people.map(({ id }) => id))];
    const groups = await tenancy.read(first.seat.tenant, ({ trx }) => groupIdsOfMany(trx, ids));
    const open = await tenancy.central(({ trx }) => publicGroupIdsOfMany(trx, tenantId, ids), {
      readOnly: true,
    });
    const moved = people.filter(({ seat, id }) => {
      if (seat.closed || seat.loggedOut) return false;
      const rooms = new Set([
        ...(groups.get(id) ?? []).map((group) => realtimeGroupRoom({ id: tenantId }, group)),
        ...(open.get(id) ?? []).map(publicGroupRoom),
      ]);
      const left = [...seat.groupRooms].filter((room) => !rooms.has(room));
      const entered = [...rooms].filter((room) => !seat.groupRooms.has(room));
      for (const room of left) void seat.socket.leave(room);
      if (entered.length > 0) void seat.socket.join(entered);
      seat.groupRooms = rooms;
      return left.length + entered.length > 0;
    });
    return moved.map(({ seat }) => seat);
  }

  // Two changes at once are one more look after the first, not two at the same time that end in any order.
  const looking = new Map<string, { again: boolean }>();

  /** Who is in the groups of a school has changed. */
  async function regroup(tenantId: string): Promise<void> {
    const under = looking.get(tenantId);
    if (under) {
      under.again = true;
      return;
    }
    const turn = { again: false };
    looking.set(tenantId, turn);
    try {
      do {
        turn.again = false;
        const moved = await seatGroups(tenantId, seats.ofTenant(tenantId));
        for (const seat of moved) connectedOf(seat).send('groups.changed', {});
      } while (turn.again);
    } finally {
      looking.delete(tenantId);
    }
  }
  return { seatGroups, regroup };
}
