export { defineJob, type JobDefinition, type JobRun } from './define-job.ts';
export {
  createJobService,
  jobRegistry,
  type BegunJob,
  type JobService,
  type StartJob,
} from './job.service.ts';
export { createJobWatch, followJob, type JobWatch } from './job-watch.ts';
export { startJobWorker, type JobWorker } from './job-worker.ts';
export { finishJob } from './finish-job.ts';
export { hasEnded, presentJob } from './job.presenter.ts';
export { endJob } from './job.repository.ts';
export { reasonOf, type LiveRun } from './job-run.ts';
