import accessibility from '../../features/accessibility/locales/fr.json';
import shared from '../../shared/locales/fr.json';
import site from './locales/fr.json';

export const messages = { ...shared, accessibility, site };
