import type { Language } from '@preau/contracts/vocabulary';
import { nextTick, type App, type Ref } from 'vue';
import { createI18n, useI18n } from 'vue-i18n';
import { rememberChoice } from './cookies.ts';

export interface Messages {
  [key: string]: string | Messages;
}
export type MessageLoaders = Readonly<Record<Language, () => Promise<{ default: Messages }>>>;

const COOKIE = 'preau_language';

/** "none | one | other", where a sentence has three. */
const ofThree = (count: number): number => Math.min(Math.abs(count), 2);
// "one | other": French says 0 élève and 1 élève in the singular, English only 1.
const PLURALS = {
  fr: (count: number, forms: number) => (forms === 3 ? ofThree(count) : Math.abs(count) < 2 ? 0 : 1),
  en: (count: number, forms: number) => (forms === 3 ? ofThree(count) : count === 1 ? 0 : 1),
};

type Loads = Map<Language, Promise<void>>;

let i18n: ReturnType<typeof createPreauI18n> | undefined;
/** The language being changed to, while its words are on their way. */
let next: Language | undefined;
const known = new Map<MessageLoaders, Loads>();

/** Adds these words in one language, once. */
function merge(words: MessageLoaders, language: Language): Promise<void> {
  const loads: Loads = known.get(words) ?? new Map();
  known.set(words, loads);
  const begun = loads.get(language);
  if (begun) return begun;
  const load = words[language]().then(
    ({ default: messages }) => i18n?.global.mergeLocaleMessage(language, messages as Record<string, string>),
    (error: unknown) => {
      loads.delete(language);
      throw error;
    },
  );
  loads.set(language, load);
  return load;
}

/** Resolves when the reader's language has these words, and the one that is being changed to. */
async function addWords(words: MessageLoaders): Promise<void> {
  const current = (i18n?.global.locale.value ?? 'fr') as Language;
  await Promise.all([...new Set([current, next ?? current])].map((language) => merge(words, language)));
}

/**
 * Makes the loader of a page, or of a part of one, that brings along the words it says: its own feature's, and those of
 * features whose parts it shows. Who never opens it does not download them.
 */
export function withWords(...words: readonly MessageLoaders[]) {
  return <T>(load: () => Promise<T>) =>
    async (): Promise<T> => {
      const [loaded] = await Promise.all([load(), ...words.map(addWords)]);
      return loaded;
    };
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
  known.clear();
  known.set(load, new Map([[language, Promise.resolve()]]));
  i18n = createPreauI18n(language, messages);
  app.use(i18n);
}

/** The reader's language, and how to change it: at once, for the next visits too. */
export function useLanguage() {
  const { locale } = useI18n({ useScope: 'global' });

  async function choose(language: Language): Promise<void> {
    next = language;
    await Promise.all([...known.keys()].map((words) => merge(words, language)));
    rememberChoice(COOKIE, language);
    document.documentElement.lang = language;
    locale.value = language;
    await nextTick();
  }

  return { language: locale as Readonly<Ref<Language>>, choose };
}
