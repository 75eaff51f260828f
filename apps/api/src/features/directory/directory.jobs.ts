import { Type } from 'typebox';
import { defineJob } from '../jobs/index.ts';
import { FETCH_PICTURE } from './job-kinds.ts';

export const directoryJobs = [
  defineJob({
    kind: FETCH_PICTURE,
    payload: Type.Object({}, { additionalProperties: false }),
    maxAttempts: 2,
    // Also for schools whose space was not there yet when the picture was named.
    cron: '*/5 * * * *',
    handler: ({ signal }, { pictures }) => pictures.fetchWanted(signal),
  }),
];
