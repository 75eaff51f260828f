import { withWords, type MessageLoaders } from '../../shared/i18n.ts';
import { newSchoolWords } from './words.ts';

// The public site has the words of forms and problems with the pages that have a form.
const sharedWords: MessageLoaders = {
  fr: () => import('../../shared/locales/fr.json'),
  en: () => import('../../shared/locales/en.json'),
};
const page = withWords(newSchoolWords, sharedWords);

/** Loads the page with its words; the public site puts it at `/tenant/new`. */
export const loadNewSchoolPage = page(() => import('./NewSchoolPage.vue'));
