import type { Boot } from '@preau/contracts/boot';
import { createApp, type App, type Component } from 'vue';
import { provideBoot } from './boot.ts';
import { provideLanguage, type MessageLoaders, type Messages } from './i18n.ts';
import { providePages } from './page/page-title.ts';

export interface AppParts {
  boot: Boot;
  messages: Messages;
  load: MessageLoaders;
  root: Component;
  /** After the page's own name in the browser's title. */
  siteName: string;
}

// A page of a release that is gone: the new one is a reload away. Once, lest a broken release reload for ever.
function reloadOnce(event: Event): void {
  // Without a network nothing would come back, and what was typed would be gone.
  if (!navigator.onLine) return;
  const key = 'preau-reloaded-for';
  const reason = String((event as Event & { payload?: Error }).payload?.message);
  if (sessionStorage.getItem(key) === reason) return;
  sessionStorage.setItem(key, reason);
  event.preventDefault();
  location.reload();
}

/** What the three shells have in common; the caller adds its own and mounts on `#app`. */
export function createPreauApp({ boot, messages, load, root, siteName }: AppParts): App {
  const app = createApp(root);
  provideBoot(app, boot);
  provideLanguage(app, boot.language, messages, load);
  providePages(app, siteName);
  window.addEventListener('vite:preloadError', reloadOnce);
  return app;
}
