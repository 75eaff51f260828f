import type { AuditRow } from '@preau/contracts/audit';
import { useI18n } from 'vue-i18n';
import { nameOf, verbOf } from './change.ts';

/** What a row of the trail says was done, and to what; null for what has no words of its own. */
export function useChangeWords(): (row: AuditRow) => string | null {
  const { t, te } = useI18n();
  return (row) => {
    const [subject = ''] = row.action.split('.');
    if (!te(`changes.of.${subject}`)) return null;
    const name = nameOf(row);
    const what = t(`changes.of.${subject}`);
    const thing = name === null ? what : t('changes.named', { what, name });
    const verb = verbOf(row.action);
    return verb === null ? thing : t('changes.done', { thing, verb: t(`changes.by.${verb}`) });
  };
}
