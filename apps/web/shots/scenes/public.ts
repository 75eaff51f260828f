import type { Scene } from './scene.ts';

/** The public site, and an address that is nobody's. */
export const PUBLIC_SCENES: readonly Scene[] = [
  { name: 'public-home', path: '/' },
  { name: 'public-accessibility', path: '/accessibility' },
  { name: 'public-my-schools', path: '/my-schools' },
  {
    name: 'public-new-school',
    path: '/tenant/new/?email=direction@exemple.invalid&name=Coll%C3%A8ge%20Paul-%C3%89luard',
  },
  { name: 'public-missing', path: '/nowhere' },
  { name: 'unknown-host', host: 'nulle-part', path: '/' },
  { name: 'public-directory', path: '/directory' },
  { name: 'public-school', path: '/directory/demo-lycee' },
  { name: 'public-agenda', path: '/agenda' },
];
