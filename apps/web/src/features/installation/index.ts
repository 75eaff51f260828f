import type { RouteRecordRaw } from 'vue-router';
import { withWords } from '../../shared/i18n.ts';
import { signupsWords } from '../signups/words.ts';
import { installationWords } from './words.ts';

const page = withWords(installationWords, signupsWords);

/** What is a matter of the whole installation. */
export const installationRoute: RouteRecordRaw = {
  path: '/settings',
  name: 'installation',
  meta: { permission: 'installation:read' },
  component: page(() => import('./pages/SettingsPage.vue')),
};
