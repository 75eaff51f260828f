import './style.css';
import type { Boot } from '@preau/contracts/boot';
import type { MessageLoaders, Messages } from '../../shared/i18n.ts';
import { createPreauApp } from '../../shared/start-app.ts';
import PublicApp from './PublicApp.vue';

export function start(boot: Boot, messages: Messages, load: MessageLoaders): void {
  createPreauApp({ boot, messages, load, root: PublicApp, siteName: 'Préau' }).mount('#app');
}
