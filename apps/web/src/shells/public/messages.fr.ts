import page from '../../shared/page/locales/fr.json';
import site from './locales/fr.json';

export const messages = { ...page, ...site };
