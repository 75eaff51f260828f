import { defineAsyncComponent } from 'vue';
import { withWords } from '../../shared/i18n.ts';
import { tenantsWords } from '../tenants/words.ts';
import { paletteWords } from './words.ts';

const part = withWords(paletteWords, tenantsWords);

/** The console's command palette, downloaded when it is first asked for. */
export const ConsolePalette = defineAsyncComponent(part(() => import('./components/ConsolePalette.vue')));
