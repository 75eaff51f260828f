import { defineAsyncComponent } from 'vue';

/** A field over the page that finds pages, things and actions; lazy, since it is asked for by a key. */
export const CommandPalette = /* @__PURE__ */ defineAsyncComponent(() => import('./CommandPalette.vue'));
