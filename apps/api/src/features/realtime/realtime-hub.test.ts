import { expect, it } from 'vitest';
import { createRealtimeHub } from './realtime-hub.ts';

it('a change of a right or of groups makes what was read before old, a message does not', () => {
  const hub = createRealtimeHub({ tenancy: null as never });
  const moves = (kind: 'tenant' | 'session' | 'key' | 'groups' | 'message') => {
    const before = hub.generation;
    hub.changed({ kind, id: '{}' });
    return hub.generation - before;
  };
  expect((['tenant', 'session', 'key', 'groups', 'message'] as const).map(moves)).toEqual([1, 1, 1, 1, 0]);
});
