import { withWords, type MessageLoaders } from '../../shared/i18n.ts';
import { directoryWords } from './words.ts';

// The public site has the words of forms and problems with the pages that need them.
const sharedWords: MessageLoaders = {
  fr: () => import('../../shared/locales/fr.json'),
  en: () => import('../../shared/locales/en.json'),
};
const page = withWords(directoryWords, sharedWords);

/** Pages of the public site: `/directory`, `/directory/<slug>`, `/agenda`. */
export const loadDirectoryPage = page(() => import('./DirectoryPage.vue'));
export const loadSchoolPage = page(() => import('./SchoolPage.vue'));
export const loadPublicAgendaPage = page(() => import('./PublicAgendaPage.vue'));
