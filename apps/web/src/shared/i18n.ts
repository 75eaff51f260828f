import type { Language } from '@preau/contracts/vocabulary';
import { nextTick, type App, type Ref } from 'vue';
import { createI18n, useI18n } from 'vue-i18n';
import { rememberChoice } from './cookies.ts';

export interface Messages {
  [key: string]: string | Messages;
}
export type MessageLoaders = Readonly<Record<Language, () => Promise<{ messages: Messages }>>>;

const COOKIE = 'preau_language';

// "one | other": French says 0 élève and 1 élève in the singular, English only 1.
const PLURALS = {
  fr: (count: number) => (Math.abs(count) < 2 ? 0 : 1),
  en: (count: number) => (count === 1 ? 0 : 1),
};

let loaders: MessageLoaders | undefined;
let i18n: ReturnType<typeof createPreauI18n> | undefined;
const extras: MessageLoaders[] = [];

async function mergeWords(load: MessageLoaders, language: Language): Promise<void> {
  const { messages } = await load[language]();
  i18n?.global.mergeLocaleMessage(language, messages as Record<string, string>);
}

/** Words that one page brings along: others do not download them. Resolves when the reader's language has them. */
export async function addWords(load: MessageLoaders): Promise<void> {
  extras.push(load);
  await mergeWords(load, (i18n?.global.locale.value ?? 'fr') as Language);
}

export function createPreauI18n(language: Language, messages: Messages) {
  return createI18n({
    legacy: false,
    locale: language,
    fallbackLocale: false,
    messages: { [language]: messages } as Record<string, Record<string, string>>,
    pluralRules: PLURALS,
  });
}

export function provideLanguage(
  app: App,
  language: Language,
  messages: Messages,
  load: MessageLoaders,
): void {
  loaders = load;
  i18n = createPreauI18n(language, messages);
  app.use(i18n);
}

/** The reader's language, and how to change it: at once, for the next visits too. */
export function useLanguage() {
  const { availableLocales, setLocaleMessage, locale } = useI18n({ useScope: 'global' });

  async function choose(language: Language): Promise<void> {
    if (!availableLocales.includes(language) && loaders) {
      const { messages } = await loaders[language]();
      setLocaleMessage(language, messages as Record<string, string>);
    }
    await Promise.all(extras.map((load) => mergeWords(load, language)));
    rememberChoice(COOKIE, language);
    document.documentElement.lang = language;
    locale.value = language;
    await nextTick();
  }

  return { language: locale as Readonly<Ref<Language>>, choose };
}
