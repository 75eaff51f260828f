import page from '../../shared/page/locales/en.json';
import site from './locales/en.json';

export const messages = { ...page, ...site };
