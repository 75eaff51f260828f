import shared from '../../shared/locales/fr.json';
import discover from './locales/fr.json';

export const messages = { ...shared, ...discover };
