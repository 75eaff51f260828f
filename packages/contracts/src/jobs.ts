import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Id, Nullable, Page, PageQuery, Uuid } from './fields.ts';
import { JOB_STATUSES } from './vocabulary.ts';

const JobStatus = Type.Enum([...JOB_STATUSES]);

export const JobProgress = Type.Object({
  done: Type.Integer({ minimum: 0 }),
  total: Nullable(Type.Integer({ minimum: 0 })),
  unit: Type.String({ description: 'What is counted, in English and in the plural: schools, lines, bytes' }),
});
export type JobProgress = Static<typeof JobProgress>;

export const JobStep = Type.Object({
  name: Type.String(),
  status: Type.Enum(['running', 'done', 'failed']),
  started_at: DateTime,
  ended_at: Nullable(DateTime),
  duration_ms: Nullable(Type.Number()),
  error: Nullable(Type.String()),
});
export type JobStep = Static<typeof JobStep>;

export const JobFailure = Type.Object({ step: Nullable(Type.String()), reason: Type.String(), at: DateTime });
export type JobFailure = Static<typeof JobFailure>;

/** Anything long that a person can watch. Its input is not shown: it may hold data of people. */
export const Job = Type.Object({
  id: Uuid,
  kind: Type.String({ description: 'What it does, e.g. tenant.provision' }),
  status: JobStatus,
  tenant: Nullable(Type.Object({ id: Uuid, name: Type.String(), subdomain: Type.String() })),
  progress: Nullable(JobProgress),
  steps: Type.Array(JobStep),
  attempts: Type.Integer({ description: 'Times it was begun, by whichever process' }),
  max_attempts: Type.Integer(),
  result: Type.Unknown(),
  failure: Nullable(JobFailure),
  created_by: Type.Object({ type: Type.String(), label: Type.String() }),
  created_at: DateTime,
  started_at: Nullable(DateTime),
  heartbeat_at: Nullable(DateTime),
  finished_at: Nullable(DateTime),
  version: Type.Integer({ description: 'Grows with every change' }),
});
export type Job = Static<typeof Job>;

export const JobQuery = Type.Object(
  {
    ...PageQuery,
    kind: Type.Optional(Type.String({ maxLength: 60 })),
    status: Type.Optional(JobStatus),
    tenant: Type.Optional(
      Type.String({ maxLength: 63, description: 'Id or subdomain of the school it is about' }),
    ),
  },
  { additionalProperties: false },
);
export type JobQuery = Static<typeof JobQuery>;

const platform = { zone: 'platform', tag: 'jobs' } as const;

export const listJobs = defineRoute({
  ...platform,
  name: 'listJobs',
  method: 'GET',
  path: '/jobs/',
  permission: 'jobs:read',
  summary: 'List long-running work, latest first',
  query: JobQuery,
  success: { status: 200, schema: Page(Job) },
});
export const getJob = defineRoute({
  ...platform,
  name: 'getJob',
  method: 'GET',
  path: '/jobs/:id/',
  permission: 'jobs:read',
  etag: true,
  summary: 'Progress, steps and outcome of one job',
  params: Id,
  success: { status: 200, schema: Job },
});
export const watchJob = defineRoute({
  ...platform,
  name: 'watchJob',
  method: 'GET',
  path: '/jobs/:id/events/',
  permission: 'jobs:read',
  summary: 'The job whenever it changes, as server-sent events named job; ends with the job',
  params: Id,
  success: { status: 200, schema: Job, events: true },
});
export const cancelJob = defineRoute({
  ...platform,
  name: 'cancelJob',
  method: 'POST',
  path: '/jobs/:id/cancel/',
  permission: 'jobs:cancel',
  summary: 'Ask a job to stop; what it has done so far stays',
  params: Id,
  success: { status: 200, schema: Job },
  errors: ['job_ended'],
});
