import { defineAsyncComponent } from 'vue';
import type { RouteRecordRaw } from 'vue-router';
import { withWords } from '../../shared/i18n.ts';
import { bundlesWords } from './words.ts';
import { tenantsWords } from '../tenants/words.ts';

const page = withWords(bundlesWords, tenantsWords);

/** A school's archives, in its page of the console. */
export const BackupsTab = defineAsyncComponent(page(() => import('./components/BackupsTab.vue')));

/** Where erased schools come back from, and those of other installations come in. */
export const returnRoute: RouteRecordRaw = {
  path: '/schools/return',
  name: 'school-return',
  component: page(() => import('./pages/ReturnPage.vue')),
};
