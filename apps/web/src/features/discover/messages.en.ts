import shared from '../../shared/locales/en.json';
import discover from './locales/en.json';

export const messages = { ...shared, ...discover };
