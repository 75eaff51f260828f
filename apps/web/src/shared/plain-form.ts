import type { PlainForm } from '@preau/contracts/public-pages';
import { inject, type App, type InjectionKey } from 'vue';

const PLAIN: InjectionKey<PlainForm | null> = Symbol('preau-plain-form');

export function providePlainForm(app: App, form: PlainForm): void {
  app.provide(PLAIN, form);
}

/** What was sent without scripts; null in a browser that runs them. */
export const usePlainForm = (): PlainForm | null => inject(PLAIN, null);
