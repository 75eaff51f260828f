import { inject, ref, type App, type InjectionKey, type Ref } from 'vue';
import { rememberChoice } from './cookies.ts';

export const MODES = ['system', 'light', 'dark'] as const;
export type ModeChoice = (typeof MODES)[number];

// A cookie rather than local storage: the server writes it into the page, which then opens in the chosen mode.
const COOKIE = 'preau_mode';
const mode = ref<ModeChoice>('system');
const MODE: InjectionKey<Ref<ModeChoice>> = Symbol('preau-mode');

function apply(choice: ModeChoice): void {
  if (choice === 'system') delete document.documentElement.dataset['mode'];
  else document.documentElement.dataset['mode'] = choice;
  mode.value = choice;
}

/** Takes up the reader's earlier choice; once, at the start. */
export function startMode(): void {
  // As the server wrote it: reading the cookie waits for another process.
  const kept = document.documentElement.dataset['mode'];
  apply(kept === 'light' || kept === 'dark' ? kept : 'system');
}

/** The choice of the reader for whom the server writes a page. */
export function provideMode(app: App, choice: ModeChoice): void {
  app.provide(MODE, ref(choice));
}

export function useMode(): { mode: Readonly<Ref<ModeChoice>>; choose: (choice: ModeChoice) => void } {
  return {
    mode: import.meta.env.SSR ? inject(MODE, mode) : mode,
    choose(choice) {
      apply(choice);
      rememberChoice(COOKIE, choice === 'system' ? null : choice);
    },
  };
}
