import { Type } from 'typebox';
import { defineJob } from '../jobs/index.ts';
import { schoolsKept } from './schools-kept.read-model.ts';

export const messagingJobs = [
  defineJob({
    kind: 'messaging.forget',
    payload: Type.Object({}, { additionalProperties: false }),
    maxAttempts: 3,
    cron: '41 3 * * *',
    /** While the module is off too: keeping what was to be forgotten is no part of switching it off. */
    async handler({ origin, signal }, { tenancy, messaging }) {
      for (const tenant of await schoolsKept(tenancy)) {
        signal.throwIfAborted();
        await messaging.forget(tenant, origin);
      }
    },
  }),
];
