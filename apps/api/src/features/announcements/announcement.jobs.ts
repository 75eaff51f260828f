import { Type } from 'typebox';
import { defineJob } from '../jobs/index.ts';

const nothing = Type.Object({}, { additionalProperties: false });

export const announcementJobs = [
  defineJob({
    kind: 'announcements.publish',
    payload: nothing,
    maxAttempts: 3,
    // On the minute, which is as fine as a time can be chosen.
    cron: '* * * * *',
    handler: ({ origin, signal }, { announcementCare }) => announcementCare.publishDue(origin, signal),
  }),
  defineJob({
    kind: 'announcements.replan',
    payload: nothing,
    maxAttempts: 3,
    cron: '53 3 * * *',
    handler: ({ signal }, { announcementCare }) => announcementCare.replan(signal),
  }),
];
