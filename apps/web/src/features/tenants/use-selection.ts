import type { TenantChoice } from '@preau/contracts/tenant-bulk';
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue';

export interface Selection {
  /** Ids that were ticked, on whichever page. */
  ids: Ref<readonly string[]>;
  /** All that match the filters, ticked or not. */
  everything: Ref<boolean>;
  count: ComputedRef<number>;
  choice: ComputedRef<TenantChoice>;
  clear(): void;
}

/** Schools that are chosen in a list, over its pages. Another search keeps what was ticked, but no longer means all of it. */
export function useSelection(
  filters: () => NonNullable<TenantChoice['matching']>,
  matching: () => number,
): Selection {
  const ids = ref<readonly string[]>([]);
  const everything = ref(false);
  watch([() => JSON.stringify(filters()), ids], () => (everything.value = false));
  return {
    ids,
    everything,
    count: computed(() => (everything.value ? matching() : ids.value.length)),
    choice: computed(() => (everything.value ? { matching: filters() } : { tenants: [...ids.value] })),
    clear() {
      ids.value = [];
      everything.value = false;
    },
  };
}
