import type { SchoolRole } from '@preau/contracts/vocabulary';
import type { Actor } from '../audit/index.ts';
import type { Announcement } from './announcement.model.ts';

/** Who looks: what they may see follows from it. */
export interface Reader {
  /** Administrators, and the keys that they gave out. */
  moderates: boolean;
  userId: string | null;
  role: SchoolRole | null;
}

export const readerOf = (actor: Actor): Reader => {
  if (actor.type !== 'user') return { moderates: true, userId: null, role: null };
  return { moderates: actor.role === 'admin', userId: actor.id, role: actor.role as SchoolRole };
};

/** Authors change their own; administrators moderate all, and so do the keys that they gave out for it. */
export const mayEdit = (
  actor: Actor,
  { author_id: author, status }: Pick<Announcement, 'author_id'> & { status?: Announcement['status'] },
): boolean => {
  if (actor.type === 'key') return status !== 'draft' || author === actor.id;
  if (actor.type !== 'user') return false;
  if (actor.id === author) return actor.role !== 'student' && actor.role !== 'parent';
  // A draft is nobody's but its author's.
  return actor.role === 'admin' && status !== 'draft';
};
