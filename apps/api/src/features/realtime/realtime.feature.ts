import { watchPresence } from '@preau/contracts/realtime';
import { defineFeature } from '../define-feature.ts';
import { presenceRoom } from './realtime-hub.ts';
import { bindOperation } from './realtime-part.ts';

/** Open sockets: who is connected. What else is said on them belongs to the other features. */
export const realtimeFeature = defineFeature({
  name: 'realtime',
  realtime({ presence }) {
    const watched = new Map<string, string[]>();
    return {
      operations: [
        bindOperation(watchPresence, async ({ data, connected, tenant }) => {
          const rooms = data.user_ids.map((id) => presenceRoom(tenant.id, id));
          watched.get(connected.socketId)?.forEach((room) => connected.leave(room));
          watched.set(connected.socketId, rooms);
          rooms.forEach((room) => connected.join(room));
          return { online: await presence.online(tenant.id, data.user_ids) };
        }),
      ],
      disconnect: async ({ socketId }) => void watched.delete(socketId),
    };
  },
});
