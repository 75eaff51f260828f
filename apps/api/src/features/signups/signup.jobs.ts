import { Type } from 'typebox';
import { AppError } from '../../platform/app-error.ts';
import { defineJob } from '../jobs/index.ts';
import { OPEN_SIGNUP } from './job-kinds.ts';

const nothing = Type.Object({}, { additionalProperties: false });
/** Refusals that no further attempt turns into a school: somebody has to decide. */
const FINAL = new Set(['subdomain_taken', 'uai_taken', 'invalid_input']);

export const signupJobs = [
  defineJob({
    kind: OPEN_SIGNUP,
    payload: Type.Object({ signup_id: Type.String({ format: 'uuid' }) }, { additionalProperties: false }),
    maxAttempts: 4,
    isFinal: (error) => error instanceof AppError && FINAL.has(error.code),
    handler: (run, { signupDecisions }) => signupDecisions.open(run),
    onFailure: (run, { signupDecisions }) => signupDecisions.giveUp(run),
  }),
  defineJob({
    kind: 'signup.sweep',
    payload: nothing,
    maxAttempts: 3,
    cron: '17 3 * * *',
    handler: (_run, { signupDecisions }) => signupDecisions.sweep(),
  }),
];
