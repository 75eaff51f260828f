import type { SchoolRole } from '@preau/contracts/vocabulary';
import type { Actor } from '../audit/index.ts';
import type { SchoolEvent } from './event.model.ts';
import type { Reader } from './event.read-model.ts';

/** Authors change their own; administrators look after all, and so do the keys that they gave out for it. */
export const mayEdit = (actor: Actor, { author_id }: Pick<SchoolEvent, 'author_id'>): boolean =>
  actor.type === 'key' ||
  (actor.type === 'user' &&
    (actor.role === 'admin' ||
      (actor.role !== 'student' && actor.role !== 'parent' && actor.id === author_id)));

/** What somebody may see of the agenda. `groupsOf`: ids of the groups of a member. */
export async function readerOf(
  actor: Actor,
  groupsOf: (userId: string) => Promise<readonly string[]>,
): Promise<Reader> {
  if (actor.type !== 'user') return { everything: true, userId: null, role: null, groups: [] };
  if (actor.role === 'admin') return { everything: true, userId: actor.id, role: 'admin', groups: [] };
  return {
    everything: false,
    userId: actor.id,
    role: actor.role as SchoolRole,
    groups: await groupsOf(actor.id),
  };
}
