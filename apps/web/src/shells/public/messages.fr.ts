import accessibility from '../../features/accessibility/locales/fr.json';
import page from '../../shared/page/locales/fr.json';
import site from './locales/fr.json';

export const messages = { ...page, ...accessibility, ...site };
