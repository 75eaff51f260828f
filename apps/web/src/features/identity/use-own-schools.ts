import { Check, School } from '@lucide/vue';
import { useQuery } from '@pinia/colada';
import { atFirstSign, type MenuItem } from '@preau/ui';
import { computed, ref, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { ownSchools } from './account.queries.ts';
import { useSession } from './session.store.ts';

/**
 * The schools of whoever is in several, to go from one to the other; asked for when somebody begins to use the page, as most
 * have one.
 */
export function useOwnSchools(): ComputedRef<MenuItem[]> {
  const { t } = useI18n();
  const session = useSession();
  const isWanted = ref(false);
  atFirstSign(async () => (isWanted.value = true));
  // A visitor is refused, and the refusal would be kept when they have logged in.
  const mayAsk = (): boolean => isWanted.value && session.me?.must_enrol === false && !session.isOver;
  const { data } = useQuery({ ...ownSchools, enabled: mayAsk });
  return computed(() => {
    const schools = (data.value?.results ?? []).filter(({ status }) => status === 'active');
    if (schools.length < 2) return [];
    return schools.map(({ id, name, role, url, current }, index) => ({
      key: id,
      label: `${name} (${t(`role.${role}`)})`,
      icon: current ? Check : School,
      to: url,
      ...(index === 0 ? { separated: true, heading: t('account.schools') } : {}),
    }));
  });
}
