import { defineAsyncComponent } from 'vue';
import { withWords } from '../../shared/i18n.ts';
import { domainsWords } from './words.ts';

const page = withWords(domainsWords);

/** A school's addresses, in its page of the console. */
export const DomainsTab = defineAsyncComponent(page(() => import('./components/DomainsTab.vue')));
