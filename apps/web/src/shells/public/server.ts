import { AsyncLocalStorage } from 'node:async_hooks';
import type { AskApi, PageWritten, WritePage } from '@preau/contracts/public-pages';
import type { Language } from '@preau/contracts/vocabulary';
import { createApp, type Component } from 'vue';
import { renderToString } from 'vue/server-renderer';
import AccessibilityPage from '../../features/accessibility/AccessibilityPage.vue';
import accessibilityEn from '../../features/accessibility/locales/en.json';
import accessibilityFr from '../../features/accessibility/locales/fr.json';
import DirectoryPage from '../../features/directory/DirectoryPage.vue';
import PublicAgendaPage from '../../features/directory/PublicAgendaPage.vue';
import SchoolPage from '../../features/directory/SchoolPage.vue';
import directoryEn from '../../features/directory/locales/en.json';
import directoryFr from '../../features/directory/locales/fr.json';
import DiscoverPage from '../../features/discover/DiscoverPage.vue';
import discoverEn from '../../features/discover/locales/en.json';
import discoverFr from '../../features/discover/locales/fr.json';
import NewSchoolPage from '../../features/new-school/NewSchoolPage.vue';
import newSchoolEn from '../../features/new-school/locales/en.json';
import newSchoolFr from '../../features/new-school/locales/fr.json';
import { provideAddress } from '../../shared/address.ts';
import { provideBoot } from '../../shared/boot.ts';
import { useTransport } from '../../shared/transport.ts';
import { createPreauI18n, type Messages } from '../../shared/i18n.ts';
import sharedEn from '../../shared/locales/en.json';
import sharedFr from '../../shared/locales/fr.json';
import { provideMode } from '../../shared/mode.ts';
import NotFoundPage from '../../shared/page/NotFoundPage.vue';
import { providePages } from '../../shared/page/page-title.ts';
import { providePlainForm } from '../../shared/plain-form.ts';
import HomePage from './HomePage.vue';
import { messages as en } from './messages.en.ts';
import { messages as fr } from './messages.fr.ts';
import { publicPageAt, type PublicPage } from './page-at.ts';
import PublicApp from './PublicApp.vue';
import UnknownHostPage from './UnknownHostPage.vue';

const wordsOf = (feature: string): string => `src/features/${feature}/locales/{language}.json`;
const SHARED = 'src/shared/locales/{language}.json';
/** Each page, with the files that the browser loads for it. */
const PAGES: Readonly<Record<PublicPage, readonly [Component, ...string[]]>> = {
  home: [HomePage, 'src/shells/public/HomePage.vue'],
  accessibility: [
    AccessibilityPage,
    'src/features/accessibility/AccessibilityPage.vue',
    wordsOf('accessibility'),
  ],
  agenda: [PublicAgendaPage, 'src/features/directory/PublicAgendaPage.vue', wordsOf('directory'), SHARED],
  directory: [DirectoryPage, 'src/features/directory/DirectoryPage.vue', wordsOf('directory'), SHARED],
  discover: [DiscoverPage, 'src/features/discover/DiscoverPage.vue', wordsOf('discover'), SHARED],
  new_school: [NewSchoolPage, 'src/features/new-school/NewSchoolPage.vue', wordsOf('new-school'), SHARED],
  not_found: [NotFoundPage, 'src/shared/page/NotFoundPage.vue'],
  school: [SchoolPage, 'src/features/directory/SchoolPage.vue', wordsOf('directory'), SHARED],
  unknown_host: [UnknownHostPage, 'src/shells/public/UnknownHostPage.vue'],
};
const WORDS: Readonly<Record<Language, readonly Messages[]>> = {
  fr: [fr, sharedFr, accessibilityFr, directoryFr, discoverFr, newSchoolFr],
  en: [en, sharedEn, accessibilityEn, directoryEn, discoverEn, newSchoolEn],
};

const writing = new AsyncLocalStorage<{ ask: AskApi; written: PageWritten }>();

useTransport(async (address, init) => {
  const now = writing.getStore();
  if (!now) throw new Error(`Asked while no page is written: ${address}`);
  const { method = 'GET', headers, body } = init;
  const answer = await now.ask(address, {
    method,
    headers: headers as Record<string, string>,
    ...(typeof body === 'string' ? { body } : {}),
  });
  // Who keeps copies of pages is not to keep one of a failure.
  if (answer.status === 404) now.written.status = 404;
  if (answer.status >= 500) now.written.status = 503;
  if (method === 'GET' && answer.status === 200) now.written.answers[address] = JSON.parse(answer.text);
  return new Response(answer.text, { status: answer.status, headers: answer.headers });
});

const known = new Map<Language, Messages>();
/** All words of the site, put together once. */
function wordsIn(language: Language): Messages {
  const before = known.get(language);
  if (before) return before;
  const { global } = createPreauI18n(language, {});
  for (const words of WORDS[language]) global.mergeLocaleMessage(language, words as Record<string, string>);
  const words: Messages = global.getLocaleMessage<Messages>(language);
  known.set(language, words);
  return words;
}

/** Writes a page of the public site as the application would show it. */
export const writePage: WritePage = async ({ boot, address, mode, form, ask }) => {
  const at = publicPageAt(address.pathname);
  const [page, ...parts] = PAGES[at];
  const written: PageWritten = {
    title: 'Préau',
    description: '',
    html: '',
    status: at === 'not_found' ? 404 : 200,
    answers: {},
    parts,
  };
  const app = createApp(PublicApp);
  provideBoot(app, boot);
  provideAddress(app, address);
  provideMode(app, mode);
  if (form) providePlainForm(app, form);
  providePages(app, 'Préau', {
    show: (title) => void (written.title = title),
    describe: (text) => void (written.description ||= text),
  });
  app.use(createPreauI18n(boot.language, wordsIn(boot.language))).provide('page', page);
  const html = await writing.run({ ask, written }, () => renderToString(app));
  // Marks for who would go on from this text: the application builds its own.
  written.html = html.replace(/<!--[[\]]?-->/g, '');
  return written;
};
