import { inject, onServerPrefetch, type App, type InjectionKey } from 'vue';

const WORKS: InjectionKey<Promise<unknown>[]> = Symbol('preau-first-works');

/** Collects what the first page asks for before it is whole. */
export function provideFirstWorks(app: App): Promise<unknown>[] {
  const works: Promise<unknown>[] = [];
  app.provide(WORKS, works);
  return works;
}

/** What a page asks for before it is whole: the server waits for it, and so does the browser that has the server's page. */
export function useFirstWork(work: () => Promise<void>): void {
  if (import.meta.env.SSR) onServerPrefetch(work);
  else {
    const begun = work();
    inject(WORKS, null)?.push(begun);
  }
}
