import { computed, onBeforeUnmount, ref, watch, type Ref, type WritableComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/**
 * Parts of the address as refs: a reload, a link or the back button give the same list. Changing one part changes the
 * address; `resets` names the parts that then start again, such as the page when the search changes.
 */
export function useUrlState() {
  const route = useRoute();
  const router = useRouter();

  function set(changes: Record<string, string | undefined>, replace = false): void {
    const query = { ...route.query, ...changes };
    for (const [name, value] of Object.entries(query)) if (!value) delete query[name];
    void router[replace ? 'replace' : 'push']({ query });
  }

  function part(name: string, resets: readonly string[] = []): WritableComputedRef<string> {
    return computed({
      get: () => textOf(route.query[name]),
      set: (value) =>
        set({ [name]: value, ...Object.fromEntries(resets.map((other) => [other, undefined])) }),
    });
  }

  const page = computed({
    get: () => Math.max(1, Number.parseInt(textOf(route.query['page']), 10) || 1),
    set: (value: number) => set({ page: value > 1 ? String(value) : undefined }),
  });

  return { part, page, set };
}

/** What is typed in a search field, and `target` following it once the typing pauses. */
export function useTypedSearch(target: Ref<string>, pauseMs = 300): Ref<string> {
  const typed = ref(target.value);
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(typed, (value) => {
    clearTimeout(timer);
    if (value.trim() !== target.value) timer = setTimeout(() => (target.value = value.trim()), pauseMs);
  });
  // The back button changes the address under the field.
  watch(target, (value) => {
    if (typed.value.trim() !== value) typed.value = value;
  });
  onBeforeUnmount(() => clearTimeout(timer));
  return typed;
}
