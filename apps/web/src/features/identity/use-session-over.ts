import { computed, nextTick, onScopeDispose, watch, type ComputedRef } from 'vue';
import { usePageState } from '../../shared/page/page-title.ts';
import { useSession } from './session.store.ts';

/** Milliseconds for which a page waits for its person: an afternoon. What it holds can be got at by who knows how. */
export const KEPT_FOR = 4 * 3_600_000;

/** Nothing but what is marked `data-cover` is seen, read out or reached: see `shared/shell/cover.css`. */
export function cover(isCovered: boolean): void {
  document.documentElement.toggleAttribute('data-covered', isCovered);
}

// Menus and dialogs that are open below would take it as theirs.
function swallowEscape(event: KeyboardEvent): void {
  if (event.key === 'Escape') event.stopImmediatePropagation();
}

/**
 * Whether the session has ended and its page waits for the same person, covered meanwhile. Back, they are where they were. `isWanted`
 * says whether there is a page to keep.
 */
export function useSessionOver(isWanted: () => boolean = () => true): ComputedRef<boolean> {
  const session = useSession();
  const { site } = usePageState();
  const isCovered = computed(() => session.isOver && isWanted());
  let since = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let focused: Element | null = null;
  let title = '';

  /** A machine that slept has let the time pass; another window may have logged in. */
  function look(): void {
    if (!isCovered.value || document.hidden) return;
    if (Date.now() - since >= KEPT_FOR) session.leave({ onPurpose: false });
    else void session.reload().catch(() => undefined);
  }

  function begin(): void {
    since = Date.now();
    timer = setTimeout(look, KEPT_FOR);
    focused = document.activeElement;
    // The page's own may name a child.
    title = document.title;
    document.title = site.value;
    cover(true);
    window.addEventListener('keydown', swallowEscape, { capture: true });
    document.addEventListener('visibilitychange', look);
  }

  function stop(): void {
    clearTimeout(timer);
    window.removeEventListener('keydown', swallowEscape, { capture: true });
    document.removeEventListener('visibilitychange', look);
    cover(false);
  }

  watch(
    isCovered,
    async (now, before) => {
      if (now) return begin();
      if (!before) return;
      stop();
      document.title = title;
      await nextTick();
      if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
    },
    { flush: 'sync' },
  );
  onScopeDispose(stop);
  return isCovered;
}
