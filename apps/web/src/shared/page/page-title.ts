import { inject, shallowRef, watchEffect, type App, type InjectionKey, type ShallowRef } from 'vue';

export interface PageState {
  site: ShallowRef<string>;
  /** A new page is coming: its heading takes the focus, so that it is read out and Tab starts there. */
  headingWanted: ShallowRef<boolean>;
  /** Puts a title where it is seen. */
  show: (title: string) => void;
  /** Says what the page is about to who has not opened it. */
  describe?: (text: string) => void;
}
const PAGE: InjectionKey<PageState> = Symbol('preau-page');

const SEEN: Pick<PageState, 'show' | 'describe'> = { show: (title) => void (document.title = title) };
const stateOf = (siteName: string, seen = SEEN): PageState => ({
  site: shallowRef(siteName),
  headingWanted: shallowRef(false),
  ...seen,
});

/** Titles "Page – Site", and the focus on the heading of each page gone to; `seen` where there is no document. */
export function providePages(app: App, siteName: string, seen?: typeof SEEN): void {
  app.provide(PAGE, stateOf(siteName, seen));
}

export function usePageState(): PageState {
  return inject(PAGE, () => stateOf('Préau'), true);
}

/** Sets the title of the page that is shown, for as long as it is. */
export function usePageTitle(title: () => string): void {
  const { site, show } = usePageState();
  watchEffect(() => show([title(), site.value].filter(Boolean).join(' – ')));
}
