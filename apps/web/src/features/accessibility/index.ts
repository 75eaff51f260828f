/** Loads the page; each shell puts it at `/accessibility`. */
export const loadAccessibilityPage = () => import('./AccessibilityPage.vue');
