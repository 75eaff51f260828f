import type { Theme } from '@preau/contracts/current-tenant';
import { themeStyleSheet } from '@preau/theme';

/** Gives the open page a school's colours. Adopted, as the content policy lets no style element in; it wins by coming later. */
export function paint({ palette, favicon_url: href }: Theme): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(themeStyleSheet(palette));
  document.adoptedStyleSheets = [sheet];
  // The tab is not drawn by the page.
  document.querySelector('link[rel=icon]')?.setAttribute('href', href);
}
