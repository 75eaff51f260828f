import type { Messages } from '../../shared/i18n.ts';
import shared from '../../shared/locales/en.json';
import page from '../../shared/page/locales/en.json';
import shell from '../../shared/shell/locales/en.json';
import portal from './locales/en.json';

// Of a feature no more than the entries of the navigation: its other words come with its pages.
const nav = import.meta.glob<Messages>('../../features/*/locales/en.json', {
  eager: true,
  import: 'default',
  query: '?nav',
});

export const messages: Messages = Object.assign({}, page, shared, shell, portal, ...Object.values(nav));
