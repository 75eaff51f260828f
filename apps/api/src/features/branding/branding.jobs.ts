import { Type } from 'typebox';
import { defineJob } from '../jobs/index.ts';

export const brandingJobs = [
  defineJob({
    kind: 'branding.collect',
    payload: Type.Object({}, { additionalProperties: false }),
    maxAttempts: 3,
    cron: '41 4 * * *',
    handler: ({ origin, signal }, { themePictures }) => themePictures.collectAll(origin, signal),
  }),
];
