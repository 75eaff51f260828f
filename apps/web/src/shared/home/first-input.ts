import { shallowRef } from 'vue';

/** Whether somebody has used a keyboard or a mouse on this page, or asked for it on paper. A finger does not count. */
export const hasInput = shallowRef(false);

const SIGNS = ['keydown', 'mousemove', 'beforeprint'];

function note(): void {
  hasInput.value = true;
  for (const sign of SIGNS) removeEventListener(sign, note);
}
for (const sign of SIGNS) addEventListener(sign, note);
