import './style.css';
import type { Boot } from '@preau/contracts/boot';
import { nextTick } from 'vue';
import { useTransport } from '../../shared/transport.ts';
import type { MessageLoaders, Messages } from '../../shared/i18n.ts';
import { provideFirstWorks } from '../../shared/page/first-work.ts';
import { createPreauApp } from '../../shared/start-app.ts';
import { loadPage } from './pages.ts';
import PublicApp from './PublicApp.vue';
import { takeOver } from './take-over.ts';

/** What the server has asked while it wrote the page is not asked again. */
function knowAnswers(answers: Readonly<Record<string, unknown>>): void {
  const left = new Map(Object.entries(answers));
  useTransport((address, init) => {
    const known = left.get(address);
    if (known === undefined || init.method !== 'GET') return fetch(address, init);
    left.delete(address);
    return Promise.resolve(Response.json(known));
  });
}

/** Builds the page aside, and shows it when it is whole: until then the reader has the one that the server wrote. */
export async function start(boot: Boot, messages: Messages, load: MessageLoaders): Promise<void> {
  const isUnknown = boot.state === 'unknown';
  if (boot.answers) knowAnswers(boot.answers);
  const app = createPreauApp({ boot, messages, load, root: PublicApp, siteName: 'Préau' });
  const page = await loadPage(location.pathname, isUnknown);
  const works = provideFirstWorks(app);
  const fresh = document.createElement('div');
  fresh.id = 'app';
  app.provide('page', page).mount(fresh);
  await Promise.allSettled(works);
  await nextTick();
  const written = document.getElementById('app');
  if (written) takeOver(written, fresh);
  fresh.dataset['live'] = '';
}
