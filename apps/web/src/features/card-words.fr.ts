import type { Messages } from '../shared/i18n.ts';

// Of a feature no more than what its cards of the home page say.
const words = import.meta.glob<Messages>('./*/locales/fr.json', {
  eager: true,
  import: 'default',
  query: '?card',
});

export const cardWords: Messages = Object.assign({}, ...Object.values(words));
