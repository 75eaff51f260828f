import { withWords } from '../../shared/i18n.ts';
import { accessibilityWords } from './words.ts';

const page = withWords(accessibilityWords);

/** Loads the page; each shell puts it at `/accessibility`. */
export const loadAccessibilityPage = page(() => import('./AccessibilityPage.vue'));
