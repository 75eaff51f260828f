import { defineAsyncComponent } from 'vue';
import { withWords } from '../../shared/i18n.ts';
import { bundlesWords } from './words.ts';
import { tenantsWords } from '../tenants/words.ts';

const page = withWords(bundlesWords, tenantsWords);

/** A school's archives, in its page of the console. */
export const BackupsTab = defineAsyncComponent(page(() => import('./components/BackupsTab.vue')));
