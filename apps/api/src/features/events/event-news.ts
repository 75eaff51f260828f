import type { TenantScope } from '@preau/tenancy';
import { activeMembers, userIdsOfGroups } from '../groups/index.ts';
import type { SchoolEvent } from './event.model.ts';

export type EventNews = ReturnType<typeof createEventNews>;

/** Who sees an event: those it is for, its author, and the administrators. */
async function seersOf({ trx }: TenantScope, events: readonly SchoolEvent[]): Promise<string[]> {
  const members = await activeMembers(trx, null);
  const groups = [...new Set(events.flatMap(({ audience_groups: ids }) => ids))];
  const inGroups = new Set(groups.length > 0 ? await userIdsOfGroups(trx, groups) : []);
  const forAll = events.some(
    ({ audience_roles: roles, audience_groups: ids }) => roles.length + ids.length === 0,
  );
  const roles = new Set<string>(['admin', ...events.flatMap(({ audience_roles: names }) => names)]);
  const authors = new Set(events.map(({ author_id: id }) => id));
  return [...members.values()]
    .filter(({ id, role }) => forAll || roles.has(role) || inGroups.has(id) || authors.has(id))
    .map(({ id }) => id);
}

/** Tells open pages, after the commit, that the agenda is another. */
export function createEventNews({
  onChange,
}: {
  onChange: (tenantId: string, id: string, userIds: readonly string[]) => void;
}) {
  return {
    /** An event as it was, where it was there before, and as it is: who sees either of them looks again. */
    async changed(scope: TenantScope, ...events: readonly SchoolEvent[]): Promise<void> {
      const [first] = events;
      if (!first) return;
      const userIds = await seersOf(scope, events);
      scope.afterCommit(() => onChange(scope.tenant.id, first.id, userIds));
    },
  };
}
