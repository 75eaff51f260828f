import { defineAsyncComponent } from 'vue';
import { withWords } from '../../i18n.ts';

const part = withWords({ fr: () => import('./locales/fr.json'), en: () => import('./locales/en.json') });

/** The choice between one's own change and somebody else's, for {@link useVersioned}. */
export const ConflictDialog = defineAsyncComponent(part(() => import('./ConflictDialog.vue')));
