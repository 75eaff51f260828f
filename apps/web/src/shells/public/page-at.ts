const PAGES = {
  '': 'home',
  '/accessibility': 'accessibility',
  '/agenda': 'agenda',
  '/directory': 'directory',
  '/my-schools': 'discover',
  '/tenant/new': 'new_school',
} as const;

/** The pages of the public site. */
export type PublicPage = (typeof PAGES)[keyof typeof PAGES] | 'school' | 'not_found' | 'unknown_host';

/** Which page a path is: few, so that links load them; a router would be a quarter of what a visitor downloads. */
export function publicPageAt(pathname: string): PublicPage {
  const path = pathname.replace(/\/+$/, '');
  if (Object.hasOwn(PAGES, path)) return PAGES[path as keyof typeof PAGES];
  return /^\/directory\/[^/]+$/.test(path) ? 'school' : 'not_found';
}
