import { useQueryCache } from '@pinia/colada';
import { listInvitations, listMembers } from './members.api.ts';

const ALL = ['members'];

/** Those who ask to be admitted; the oldest first, as whoever decides should see them. */
export const waitingQuery = (page: number, size: number) => ({
  key: [...ALL, 'waiting', page, size],
  query: () => listMembers({ status: 'pending', ordering: 'created_at', page, page_size: size }),
});

export const openInvitationsQuery = (page: number, size: number) => ({
  key: [...ALL, 'invitations', page, size],
  query: () => listInvitations({ status: 'open', page, page_size: size }),
});

/** Whatever changed, a list, a count beside a tab or both are no longer true. */
export function useMembersChanged(): () => Promise<unknown> {
  const cache = useQueryCache();
  return () => cache.invalidateQueries({ key: ALL });
}
