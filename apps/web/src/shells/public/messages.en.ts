import accessibility from '../../features/accessibility/locales/en.json';
import shared from '../../shared/locales/en.json';
import site from './locales/en.json';

export const messages = { ...shared, accessibility, site };
