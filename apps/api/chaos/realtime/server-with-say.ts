import { bindOperation } from '../../src/features/realtime/index.ts';
import { serve } from '../../src/server.ts';
import { say } from './say.ts';

/** The product with one more operation on sockets, whose acknowledgement is a promise to all of a school. */

await serve({
  realtime: ({ realtime }) => [
    {
      operations: [
        bindOperation(say, async ({ data, tenant }) => {
          await realtime.toOrganisation({ tenantId: tenant.id }, 'events.changed', { id: data.id });
          return undefined;
        }),
      ],
    },
  ],
});
