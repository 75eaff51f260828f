import { inject, shallowRef, watchEffect, type App, type InjectionKey, type ShallowRef } from 'vue';

export interface PageState {
  site: ShallowRef<string>;
  /** A new page is coming: its heading takes the focus, so that it is read out and Tab starts there. */
  headingWanted: ShallowRef<boolean>;
}
const PAGE: InjectionKey<PageState> = Symbol('preau-page');

/** Titles "Page – Site", and the focus on the heading of each page gone to. */
export function providePages(app: App, siteName: string): void {
  app.provide(PAGE, { site: shallowRef(siteName), headingWanted: shallowRef(false) });
}

export function usePageState(): PageState {
  return inject(PAGE, () => ({ site: shallowRef('Préau'), headingWanted: shallowRef(false) }), true);
}

/** Sets the title of the page that is shown, for as long as it is. */
export function usePageTitle(title: () => string): void {
  const { site } = usePageState();
  watchEffect(() => {
    document.title = [title(), site.value].filter(Boolean).join(' – ');
  });
}
