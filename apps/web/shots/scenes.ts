import { CONSOLE_SCENES } from './scenes/console.ts';
import { PORTAL_SCENES } from './scenes/portal.ts';
import { PUBLIC_SCENES } from './scenes/public.ts';
import type { Scene } from './scenes/scene.ts';

export { SHOWN_DOMAIN } from './scenes/console.ts';
export type { Scene } from './scenes/scene.ts';

/** What the documentation shows and the browser tests visit: every screen, and the states it can be in. */
export const SCENES: readonly Scene[] = [...PUBLIC_SCENES, ...PORTAL_SCENES, ...CONSOLE_SCENES];
