import { defineAsyncComponent } from 'vue';

/** A school's archives, in its page of the console. */
export const BackupsTab = defineAsyncComponent(() => import('./components/BackupsTab.vue'));
