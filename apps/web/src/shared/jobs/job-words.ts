import type { Job } from '@preau/contracts/jobs';
import { useI18n } from 'vue-i18n';

/** What jobs and their steps are called. A kind or a step without a word of its own is called by its name. */
export function useJobWords(): { kind(job: Pick<Job, 'kind'>): string; step(name: string): string } {
  const { t, te } = useI18n();
  const named = (key: string, name: string): string => (te(key) ? t(key) : name);
  return {
    kind: ({ kind }) => named(`job.kind.${kind.replace('.', '_')}`, kind),
    step: (name) => named(`provision.step.${name}`, name),
  };
}
