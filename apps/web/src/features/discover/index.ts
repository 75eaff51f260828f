import { addWords } from '../../shared/i18n.ts';

/** Loads the page with its words; the public site puts it at `/my-schools`. */
export async function loadDiscoverPage() {
  const page = import('./DiscoverPage.vue');
  await addWords({ fr: () => import('./messages.fr.ts'), en: () => import('./messages.en.ts') });
  return page;
}
