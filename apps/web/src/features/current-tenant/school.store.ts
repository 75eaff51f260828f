import type { Boot, SchoolTimes } from '@preau/contracts/boot';
import type { Theme } from '@preau/contracts/current-tenant';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { getTheme } from './current-tenant.api.ts';

/** What of a theme is seen on a page. */
export type TriedLook = Pick<Theme, 'palette' | 'logo_url'>;

/** The school of this host, as its page was served and as later answers correct it. */
export const useSchool = defineStore('school', () => {
  const served = shallowRef<Theme>();
  const tried = shallowRef<TriedLook>();
  const theme = computed(() => (served.value ? { ...served.value, ...tried.value } : undefined));
  const state = shallowRef<Boot['state']>('open');
  const times = shallowRef<SchoolTimes>();
  const closed = shallowRef<NonNullable<Boot['closed']>>({ reason: null, since: null });

  function begin(boot: Boot): void {
    served.value = boot.theme;
    state.value = boot.state;
    times.value = boot.times;
    if (boot.closed) closed.value = boot.closed;
  }

  function close(reason: string | null, since: string | null): void {
    state.value = 'closed';
    closed.value = { reason, since };
  }

  function prepare(): void {
    state.value = 'not_ready';
  }

  /** A module was switched since the page was served: the navigation follows. */
  async function refresh(): Promise<void> {
    served.value = await getTheme();
  }

  function use(next: Theme): void {
    served.value = next;
  }

  /** In the frame of the branding editor: worn over what is published, whatever is heard of that meanwhile. */
  function tryOn(look: TriedLook): void {
    tried.value = look;
  }

  /** Its zone or formats were changed here: every date on the page follows. */
  function tell(next: SchoolTimes): void {
    times.value = next;
  }

  return { theme, state, closed, times, tell, begin, close, prepare, refresh, use, tryOn };
});
