import { presentJob, hasEnded } from './job.presenter.ts';
import type { Job, JobProgress } from '@preau/contracts/jobs';
import type { Services } from '../../services.ts';
import { followJob } from './job-watch.ts';
import { runJob } from './run-job.ts';

/** Milliseconds between looks at a job that another process runs, should its news not come. */
const LOOK = 2_000;

/**
 * Sees a job to its end, for a command that somebody waits for: in this process, unless a worker was quicker, and then as often as
 * it may be begun. Answers the job as it ended.
 */
export async function finishJob(
  services: Services,
  id: string,
  said: (progress: JobProgress | null, step: string | undefined) => void,
): Promise<Job> {
  const { jobs, jobWatch } = services;
  const feed = await services.listen();
  const stop = new AbortController();
  const news = async (): Promise<void> => {
    const follow = followJob<Job>(jobWatch, id, {
      read: async () => presentJob(await jobs.get(id)),
      ended: hasEnded,
      signal: stop.signal,
      quietMs: LOOK,
    });
    for await (const job of follow)
      if (job) said(job.progress, job.steps.findLast(({ status }) => status === 'running')?.name);
  };
  const telling = news();
  try {
    for (;;) {
      const job = presentJob(await jobs.get(id));
      if (hasEnded(job)) return job;
      const definition = jobs.kinds.get(job.kind);
      if (definition && job.status === 'queued')
        await runJob(
          id,
          definition,
          { services, timing: { beatMs: 1_000, progressMs: 250, patienceMs: 5_000 }, onError: () => {} },
          stop.signal,
        );
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK / 4);
        const leave = jobWatch.on(id, () => {
          clearTimeout(timer);
          leave();
          resolve();
        });
        timer.unref();
      });
    }
  } finally {
    stop.abort();
    await telling;
    await feed.close();
  }
}
