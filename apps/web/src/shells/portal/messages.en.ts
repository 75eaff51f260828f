import type { Messages } from '../../shared/i18n.ts';
import shared from '../../shared/locales/en.json';
import page from '../../shared/page/locales/en.json';
import portal from './locales/en.json';

// Every feature but the console's: a new one needs no line here.
const features = import.meta.glob<Messages>(
  [
    '../../features/*/locales/en.json',
    '!../../features/{mails,discover,tenants,tenant-import,domains,fleet,jobs,overview}/**',
  ],
  { eager: true, import: 'default' },
);

export const messages: Messages = Object.assign({}, page, shared, portal, ...Object.values(features));
