import { inject, type App, type InjectionKey } from 'vue';

const ADDRESS: InjectionKey<URL> = Symbol('preau-address');

/** The address of the page, where no browser says it. */
export function provideAddress(app: App, address: URL): void {
  app.provide(ADDRESS, address);
}

/** The address that the page was opened at. */
export const useAddress = (): URL => inject(ADDRESS, () => new URL(location.href), true);
