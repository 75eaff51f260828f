import type { Messages } from '../../shared/i18n.ts';
import shared from '../../shared/locales/fr.json';
import page from '../../shared/page/locales/fr.json';
import shell from '../../shared/shell/locales/fr.json';
import portal from './locales/fr.json';

// Of a feature no more than the entries of the navigation: its other words come with its pages.
const nav = import.meta.glob<Messages>('../../features/*/locales/fr.json', {
  eager: true,
  import: 'default',
  query: '?nav',
});

export const messages: Messages = Object.assign({}, page, shared, shell, portal, ...Object.values(nav));
