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
  app.use(createPreauI18n(language, messages));
}

/** The reader's language, and how to change it: at once, for the next visits too. */
export function useLanguage() {
  const i18n = useI18n({ useScope: 'global' });

  async function choose(language: Language): Promise<void> {
    if (!i18n.availableLocales.includes(language) && loaders) {
      const { messages } = await loaders[language]();
      i18n.setLocaleMessage(language, messages as Record<string, string>);
    }
    rememberChoice(COOKIE, language);
    document.documentElement.lang = language;
    i18n.locale.value = language;
    await nextTick();
  }

  return { language: i18n.locale as Readonly<Ref<Language>>, choose };
}
