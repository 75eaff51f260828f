import { sendOnSocket } from '@preau/contracts/messaging';
import { defineFeature } from '../define-feature.ts';
import { bindOperation } from '../realtime/index.ts';
import { messagingJobs } from './messaging.jobs.ts';
import { messageReceived } from './messaging.notifications.ts';
import { messagingRoutes, presentMessage } from './messaging.routes.ts';

/** What members of a school say to each other. */
export const messagingFeature = defineFeature({
  name: 'messaging',
  module: 'messaging',
  routes: messagingRoutes,
  jobs: messagingJobs,
  notifications: [messageReceived],
  realtime: ({ messaging }) => ({
    operations: [
      bindOperation(sendOnSocket, async ({ tenant, origin, actor, data: { conversation_id: id, ...said } }) =>
        presentMessage(await messaging.send(tenant, origin, id, said), actor),
      ),
    ],
  }),
});
