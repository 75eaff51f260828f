import { defineAsyncComponent } from 'vue';

/** Values over time, as a picture; lazy, since few pages draw. */
export const TimeChart = /* @__PURE__ */ defineAsyncComponent(() => import('./TimeChart.vue'));
