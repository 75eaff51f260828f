import type { SchoolHome } from '@preau/contracts/school-home';

/** Something that waits for an administrator. */
export interface Attention {
  /** Also the last part of its sentence's key. */
  id: string;
  to: string;
  count: number;
  kind: 'limit' | 'waiting' | 'step';
}

/** Per cent from which a limit is told of. */
const NEARLY = 80;

const percent = (used: number, limit: number): number =>
  limit > 0 ? Math.min(100, Math.floor((used / limit) * 100)) : 100;

/** What waits, the most pressing first: what is about to stop working, then people, then the first steps. */
export function attentionOf({ storage, seats, waiting, setup }: SchoolHome): Attention[] {
  const limit = (id: string, to: string, count: number): Attention[] =>
    count >= NEARLY ? [{ id, to, count, kind: 'limit' }] : [];
  const some = (id: string, to: string, count: number | null): Attention[] =>
    count ? [{ id, to, count, kind: 'waiting' }] : [];
  const step = (id: string, to: string, done: boolean | null): Attention[] =>
    done === false ? [{ id, to, count: 1, kind: 'step' }] : [];
  return [
    ...limit('storage', '/media', percent(storage.used_bytes, storage.limit_bytes)),
    ...limit('seats', '/students', percent(seats.used, seats.limit)),
    ...some('members', '/members/waiting', waiting.members),
    ...some('support', '/support', waiting.support),
    ...some('reports', '/messages/reports', waiting.reports),
    ...some('announcements', '/announcements?shelf=submitted', waiting.announcements),
    ...step('colours', '/branding', setup.colours),
    ...step('people', '/members', setup.people),
    ...step('announcement', '/announcements/new', setup.announcement),
    ...some('invitations', '/members/invitations', waiting.invitations),
  ];
}
