import { Type } from 'typebox';
import { defineJob } from '../jobs/index.ts';

const nothing = Type.Object({}, { additionalProperties: false });

export const notificationJobs = [
  defineJob({
    kind: 'notifications.mail',
    payload: nothing,
    maxAttempts: 3,
    cron: '*/5 * * * *',
    handler: ({ signal }, { notificationCare }) => notificationCare.mail({ signal }),
  }),
  defineJob({
    kind: 'notifications.forget',
    payload: nothing,
    maxAttempts: 3,
    // At night, and not on the hour, when everything else begins.
    cron: '17 3 * * *',
    handler: (_run, { notificationCare }) => notificationCare.forget(),
  }),
];
