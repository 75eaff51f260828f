import type { Job } from '@preau/contracts/jobs';
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { followJob, hasEnded } from './follow-job.ts';
import { latestJob } from './jobs.api.ts';

/** Milliseconds before the list is asked again for a job that this page has just begun. */
const AGAIN = 400;

export interface JobOf {
  job: Readonly<ShallowRef<Job | null>>;
  /** Asks again for the latest. */
  reload(): Promise<void>;
}

/**
 * The latest job of a kind about a school, live while it runs. What fails here is only not shown: the page that uses it has
 * its own words for what it asked for.
 */
export function useJobOf(
  kind: string,
  tenantId: () => string,
  options: {
    /** Whether this page waits for an answer that such a job is behind. */
    begun: () => boolean;
    /** A job that was open when it was first seen has ended: somebody else's, or a worker's. */
    ended: (job: Job) => void;
  },
): JobOf {
  const job = shallowRef<Job | null>(null);
  let stop = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gone = false;

  async function reload(): Promise<void> {
    clearTimeout(timer);
    const asked = tenantId();
    const latest = await latestJob(kind, asked).catch(() => null);
    if (gone || asked !== tenantId()) return;
    stop();
    job.value = latest;
    if (latest && !hasEnded(latest)) {
      stop = followJob(latest.id, (next) => {
        job.value = next;
        if (hasEnded(next)) options.ended(next);
      });
    } else if (options.begun()) timer = setTimeout(() => void reload(), AGAIN);
  }

  // What is over sooner needs no list of steps: it is not asked for at once.
  watch(options.begun, (begun) => {
    clearTimeout(timer);
    timer = setTimeout(() => void reload(), begun ? AGAIN : 0);
  });
  watch(tenantId, () => void reload(), { immediate: true });
  onScopeDispose(() => {
    gone = true;
    clearTimeout(timer);
    stop();
  });
  return { job, reload };
}
