import { useSchool, type TriedLook } from './school.store.ts';

/** What the page in the frame says when it can be told, and what it is told. */
export const READY = 'preau.preview.ready';
export interface Told {
  tried: TriedLook;
}

/** In the frame of the branding editor, the portal wears what is being tried, as the editor tells. */
export function wearWhatIsTried(): void {
  const { parent, location } = window;
  if (parent === window) return;
  const school = useSchool();
  addEventListener('message', ({ source, origin, data }: MessageEvent<Partial<Told> | null>) => {
    if (source === parent && origin === location.origin && data?.tried) school.tryOn(data.tried);
  });
  parent.postMessage(READY, location.origin);
}
