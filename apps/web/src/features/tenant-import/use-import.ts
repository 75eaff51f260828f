import type { Job } from '@preau/contracts/jobs';
import type { ImportReport } from '@preau/contracts/tenant-import';
import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { followJob } from '../../shared/jobs/follow-job.ts';
import { previewImport, startImport } from './tenant-import.api.ts';

export interface UseImportReturn {
  file: ShallowRef<File | null>;
  provision: Ref<boolean>;
  /** Of the dry run, then of what was done. */
  report: ComputedRef<ImportReport | null>;
  job: ShallowRef<Job | null>;
  step: ComputedRef<'choose' | 'check' | 'run' | 'done' | 'failed'>;
  pending: Ref<boolean>;
  failure: ShallowRef<unknown>;
  /** Asks what would happen. */
  check(): Promise<void>;
  /** Does what was shown. */
  run(): Promise<void>;
  /** Begins again with another file. */
  reset(): void;
}

/** A file on its way from the choice to the schools: dry run, confirmation, job. */
export function useImport(): UseImportReturn {
  const file = shallowRef<File | null>(null);
  const provision = ref(false);
  const preview = shallowRef<ImportReport | null>(null);
  const job = shallowRef<Job | null>(null);
  const started = ref(false);
  const pending = ref(false);
  const failure = shallowRef<unknown>(null);
  let stop = (): void => undefined;
  onScopeDispose(() => stop());

  async function attempt(work: (chosen: File) => Promise<void>): Promise<void> {
    if (!file.value || pending.value) return;
    pending.value = true;
    failure.value = null;
    try {
      await work(file.value);
    } catch (error) {
      failure.value = error;
    } finally {
      pending.value = false;
    }
  }

  return {
    file,
    provision,
    job,
    pending,
    failure,
    report: computed(() =>
      job.value?.status === 'done' ? (job.value.result as ImportReport) : preview.value,
    ),
    step: computed(() => {
      if (job.value?.status === 'done') return 'done';
      if (job.value?.status === 'failed' || job.value?.status === 'cancelled') return 'failed';
      if (started.value) return 'run';
      return preview.value ? 'check' : 'choose';
    }),
    check: () =>
      attempt(async (chosen) => void (preview.value = await previewImport(chosen, provision.value))),
    run: () =>
      attempt(async (chosen) => {
        const id = await startImport(chosen, provision.value);
        started.value = true;
        stop = followJob(id, (news) => (job.value = news));
      }),
    reset() {
      stop();
      file.value = null;
      preview.value = null;
      job.value = null;
      started.value = false;
      failure.value = null;
    },
  };
}
