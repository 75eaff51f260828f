import type { Job } from '@preau/contracts/jobs';
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { followJob } from './follow-job.ts';

/** A job, live until it has ended; null while there is none, and until its first word. */
export function useJob(id: () => string | null): Readonly<ShallowRef<Job | null>> {
  const job = shallowRef<Job | null>(null);
  let stop = (): void => undefined;
  watch(
    id,
    (next) => {
      stop();
      job.value = null;
      stop = next === null ? () => undefined : followJob(next, (news) => (job.value = news));
    },
    { immediate: true },
  );
  onScopeDispose(() => stop());
  return job;
}
