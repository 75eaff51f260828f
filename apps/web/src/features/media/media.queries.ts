import { useQueryCache } from '@pinia/colada';
import { mediaUsage } from './media.api.ts';

export const MEDIA = ['media'];

export const usageQuery = { key: [...MEDIA, 'usage'], query: () => mediaUsage() };

/** After any change: lists, and the room that is left. */
export function useMediaChanged(): () => Promise<unknown> {
  const cache = useQueryCache();
  return () => cache.invalidateQueries({ key: MEDIA });
}
