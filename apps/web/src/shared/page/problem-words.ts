import { useI18n } from 'vue-i18n';
import { useFormat } from '../format.ts';
import { NetworkError, ProblemError } from '../problem.ts';

export interface ProblemWords {
  title: string;
  detail: string;
  /** To give to support; absent when no server answered. */
  requestId?: string;
}

/** Says any error in the reader's language: the API's own sentences, or why none came. */
export function useProblemWords(): (error: unknown) => ProblemWords {
  const { t } = useI18n();
  const format = useFormat();
  return (error) => {
    if (error instanceof NetworkError) {
      const key = error.timedOut ? 'problem.timeout' : 'problem.network';
      return { title: t(`${key}_title`), detail: t(key) };
    }
    if (!(error instanceof ProblemError)) return { title: t('problem.bug_title'), detail: t('problem.bug') };
    const { title, detail, request_id: requestId, code } = error.problem;
    // The API asks for the same request again; a person has to look first at what changed.
    if (code === 'precondition_failed')
      return { title: t('problem.stale_title'), detail: t('problem.stale') };
    if (code === 'quota_exceeded') {
      const { used, limit, asked } = error.problem as unknown as Record<'used' | 'limit' | 'asked', number>;
      const [a, b, c] = [used, limit, asked].map(format.bytes);
      return { title, detail: t('problem.quota', { used: a, limit: b, asked: c }), requestId };
    }
    if (code === 'unknown')
      return { title: t('problem.proxy_title'), detail: t('problem.proxy', { title }), requestId };
    return { title, detail, requestId };
  };
}
