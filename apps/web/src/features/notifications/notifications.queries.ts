import { useQueryCache } from '@pinia/colada';
import { countUnread } from './notifications.api.ts';

/** How many one has not read yet: beside the bell of every page. */
export const unreadQuery = { key: ['notifications', 'unread'], query: countUnread };

/** Something was read, or came: every list and count of them is asked again. */
export function useNotificationsChanged(): () => Promise<unknown> {
  const cache = useQueryCache();
  return () => cache.invalidateQueries({ key: ['notifications'] });
}
