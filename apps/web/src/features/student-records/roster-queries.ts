import { useQuery, useQueryCache } from '@pinia/colada';
import { computed } from 'vue';
import { listClasses, listYears } from './student-records.api.ts';

/** Most classes that a choice offers; a school has fewer. */
const MOST = 100;

export const useYears = () => useQuery({ key: ['roster', 'years'], query: listYears });

/** The classes of a year as choices; of the current one when none is told. */
export function useClasses(year: () => string = () => '') {
  const query = useQuery({
    key: () => ['roster', 'classes', year()],
    query: () => listClasses({ page_size: MOST, ...(year() ? { school_year: year() } : {}) }),
  });
  const options = computed(() =>
    (query.data.value?.results ?? []).map(({ id, name }) => ({ value: id, label: name })),
  );
  return { ...query, options };
}

/** After a change of the roster, what is shown of it is asked for again. */
export function useRosterChanged(): () => Promise<unknown> {
  const cache = useQueryCache();
  return () => cache.invalidateQueries({ key: ['roster'] });
}
