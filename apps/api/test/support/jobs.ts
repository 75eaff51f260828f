import type { Job } from '@preau/contracts/jobs';
import type { BundleCause, BundleKind } from '@preau/contracts/vocabulary';
import { followJob, hasEnded, presentJob } from '../../src/features/jobs/index.ts';
import { OPERATOR } from '../../src/features/audit/index.ts';
import type { School } from './builders.ts';
import type { TestApp } from './harness.ts';

/** A job as it ended. For an application that runs jobs and hears of changes. */
export async function endOfJob({ services: { jobs, jobWatch } }: TestApp, id: string): Promise<Job> {
  const follow = followJob<Job>(jobWatch, id, {
    read: async () => presentJob(await jobs.get(id)),
    ended: hasEnded,
    signal: AbortSignal.timeout(60_000),
    quietMs: 60_000,
  });
  let last: Job | undefined;
  for await (const job of follow) last = job ?? last;
  if (!last || !hasEnded(last)) throw new Error(`The job did not end: ${JSON.stringify(last)}`);
  return last;
}

/** An archive of a school, made by a job. */
export async function archived(
  t: TestApp,
  school: Pick<School, 'id'>,
  asked: { kind?: BundleKind; cause?: BundleCause } = {},
): Promise<string> {
  const { bundle_id, job_id } = await t.services.bundles.make(OPERATOR, school.id, asked);
  const { status, failure } = await endOfJob(t, job_id);
  if (status !== 'done') throw new Error(`No archive: ${failure?.reason}`);
  return bundle_id;
}
