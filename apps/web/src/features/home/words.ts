import type { MessageLoaders } from '../../shared/i18n.ts';

export const homeWords: MessageLoaders = {
  fr: () => import('./locales/fr.json'),
  en: () => import('./locales/en.json'),
};
