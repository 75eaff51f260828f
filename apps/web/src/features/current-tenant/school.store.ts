import type { Boot, SchoolTimes } from '@preau/contracts/boot';
import type { Theme } from '@preau/contracts/current-tenant';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { getTheme } from './current-tenant.api.ts';

/** The school of this host, as its page was served and as later answers correct it. */
export const useSchool = defineStore('school', () => {
  const theme = shallowRef<Theme>();
  const state = shallowRef<Boot['state']>('open');
  const times = shallowRef<SchoolTimes>();
  const closed = shallowRef<NonNullable<Boot['closed']>>({ reason: null, since: null });

  function begin(boot: Boot): void {
    theme.value = boot.theme;
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
    theme.value = await getTheme();
  }

  function use(next: Theme): void {
    theme.value = next;
  }

  /** Its zone or formats were changed here: every date on the page follows. */
  function tell(next: SchoolTimes): void {
    times.value = next;
  }

  return { theme, state, closed, times, tell, begin, close, prepare, refresh, use };
});
