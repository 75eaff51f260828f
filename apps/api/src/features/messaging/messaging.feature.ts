import { sendOnSocket } from '@preau/contracts/messaging';
import { defineFeature } from '../define-feature.ts';
import { bindOperation } from '../realtime/index.ts';
import { messagingJobs } from './messaging.jobs.ts';
import { messagingNotifications } from './messaging.notifications.ts';
import { messageReportRoutes } from './message-reports.routes.ts';
import { presentMessage } from './messaging.presenter.ts';
import { messagingRoutes } from './messaging.routes.ts';

/** What members of a school say to each other. */
export const messagingFeature = defineFeature({
  name: 'messaging',
  module: 'messaging',
  routes: (services) => [...messagingRoutes(services), ...messageReportRoutes(services)],
  jobs: messagingJobs,
  notifications: messagingNotifications,
  realtime: ({ messaging }) => ({
    operations: [
      bindOperation(sendOnSocket, async ({ tenant, origin, actor, data: { conversation_id: id, ...said } }) =>
        presentMessage(await messaging.send(tenant, origin, id, said), actor),
      ),
    ],
  }),
});
