import type { Boot } from '@preau/contracts/boot';
import type { Face } from '@preau/contracts/vocabulary';
import type { MessageLoaders, Messages } from '../shared/i18n.ts';

export interface Shell {
  start(boot: Boot, messages: Messages, load: MessageLoaders): void | Promise<void>;
}

const wordsOf = (load: () => Promise<{ messages: Messages }>) => async () => ({
  default: (await load()).messages,
});

/** The three faces of the application. A page loads one of them, with its words in one language. */
export const SHELLS: Readonly<Record<Face, { start: () => Promise<Shell>; messages: MessageLoaders }>> = {
  console: {
    start: () => import('./console/start.ts'),
    messages: {
      fr: wordsOf(() => import('./console/messages.fr.ts')),
      en: wordsOf(() => import('./console/messages.en.ts')),
    },
  },
  portal: {
    start: () => import('./portal/start.ts'),
    messages: {
      fr: wordsOf(() => import('./portal/messages.fr.ts')),
      en: wordsOf(() => import('./portal/messages.en.ts')),
    },
  },
  public: {
    start: () => import('./public/start.ts'),
    messages: {
      fr: wordsOf(() => import('./public/messages.fr.ts')),
      en: wordsOf(() => import('./public/messages.en.ts')),
    },
  },
};
