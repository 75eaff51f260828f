import type { Job } from '@preau/contracts/jobs';

/** Whether nothing of it will change any more. */
export const hasEnded = ({ status }: Job): boolean => status !== 'queued' && status !== 'running';

/**
 * Hears of a job whenever it changes, until it has ended. The browser comes back by itself when the line is cut.
 * @returns how to stop before.
 */
export function followJob(id: string, changed: (job: Job) => void): () => void {
  const source = new EventSource(`/api/v1/jobs/${encodeURIComponent(id)}/events/`);
  source.addEventListener('job', ({ data }: MessageEvent<string>) => {
    const job = JSON.parse(data) as Job;
    // A stream that the server ends is one that the browser would open again.
    if (hasEnded(job)) source.close();
    changed(job);
  });
  return () => source.close();
}
