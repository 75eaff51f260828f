import { Type } from 'typebox';
import { defineJob } from '../jobs/index.ts';

export const CHECK_DOMAINS = 'domains.check';

export const domainJobs = [
  defineJob({
    kind: CHECK_DOMAINS,
    payload: Type.Object({}, { additionalProperties: false }),
    maxAttempts: 3,
    // At night, and not on the hour, when everybody asks.
    cron: '23 3 * * *',
    async handler({ origin, signal, progress }, { domainCare }) {
      const expired = await domainCare.dropExpired(origin);
      const { checked, changed, failed } = await domainCare.verifyAll(origin, {
        signal,
        onChecked: (done, total) => progress({ done, total, unit: 'domains' }),
      });
      return { checked, changed, failed, expired };
    },
  }),
];
