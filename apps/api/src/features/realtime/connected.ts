import type { Delivered } from '@preau/contracts/realtime';
import { randomUUID } from 'node:crypto';
import type { Connected } from './realtime-part.ts';
import type { Seat } from './seat.ts';

/** A socket as features know it. */
export const connectedOf = (seat: Seat): Connected => ({
  socketId: seat.socket.id,
  get tenant() {
    return seat.tenant;
  },
  actor: seat.actor,
  join: (room) => void seat.socket.join(room),
  leave: (room) => void seat.socket.leave(room),
  send: (op, data) =>
    void seat.socket.emit('message', {
      id: randomUUID(),
      at: new Date().toISOString(),
      op,
      for_org: seat.tenant.id,
      data,
    } satisfies Delivered),
});
