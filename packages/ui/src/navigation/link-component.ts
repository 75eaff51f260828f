import { inject, type App, type Component, type InjectionKey } from 'vue';

const LINK_COMPONENT: InjectionKey<Component> = Symbol('preau-link');

/**
 * Makes every link of these components a `component` with a `to` prop, such as RouterLink: the
 * package itself knows no router. Without it links are plain `<a href>`.
 */
export function provideLinkComponent(app: App, component: Component): void {
  app.provide(LINK_COMPONENT, component);
}

export function useLinkComponent(): Component | undefined {
  return inject(LINK_COMPONENT, undefined);
}

/** Whether a router must leave this address to the browser: another origin, a scheme, a fragment. */
export function isBrowserAddress(to: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i.test(to);
}
