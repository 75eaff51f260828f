import type { TenantScope } from '@preau/tenancy';
import { activeMembers, userIdsOfGroups } from '../groups/index.ts';
import type { NotificationService } from '../notifications/index.ts';
import type { Announcement } from './announcement.model.ts';
import { APPROVED, PUBLISHED, RETURNED, WAITS } from './announcement.notifications.ts';

export type Herald = ReturnType<typeof createHerald>;

/** Who of the school an announcement is for, and its author. */
async function readersOf({ trx }: TenantScope, row: Announcement): Promise<string[]> {
  const members = await activeMembers(trx, null);
  const { audience_roles: roles, audience_groups: groups } = row;
  const everybody = roles.length === 0 && groups.length === 0;
  const inGroups = new Set(groups.length > 0 ? await userIdsOfGroups(trx, groups) : []);
  return [...members.values()]
    .filter(({ id, role }) => everybody || roles.includes(role) || inGroups.has(id) || id === row.author_id)
    .map(({ id }) => id);
}

/** Tells people what has become of announcements, in the transaction in which it did. */
export function createHerald({
  notifications,
  onChange = () => {},
}: {
  notifications: Pick<NotificationService, 'notify'>;
  /** After the commit, with those it is for: open pages hear of it. */
  onChange?: (tenantId: string, id: string, userIds: readonly string[]) => void;
}) {
  const about = ({ id, title, author_name: author }: Announcement) => ({ id, title, author });
  const authorOf = ({ author_id: author }: Announcement): string[] => (author ? [author] : []);

  return {
    async published(scope: TenantScope, row: Announcement): Promise<void> {
      const readers = await readersOf(scope, row);
      // Authors know; the other pages that they have open do not.
      const userIds = readers.filter((id) => id !== row.author_id);
      await notifications.notify(scope, { kind: PUBLISHED, userIds, data: about(row), subject: row.id });
      scope.afterCommit(() => onChange(scope.tenant.id, row.id, readers));
    },
    /** One that was out is another now, or gone: those it was for, and those it is for, look again. */
    async changed(scope: TenantScope, rows: readonly Announcement[]): Promise<void> {
      const [first] = rows;
      const userIds = new Set<string>();
      for (const row of rows) for (const id of await readersOf(scope, row)) userIds.add(id);
      if (first) scope.afterCommit(() => onChange(scope.tenant.id, first.id, [...userIds]));
    },
    async waits(scope: TenantScope, row: Announcement): Promise<void> {
      const members = await activeMembers(scope.trx, null);
      const userIds = [...members.values()].filter(({ role }) => role === 'admin').map(({ id }) => id);
      await notifications.notify(scope, { kind: WAITS, userIds, data: about(row), subject: row.id });
    },
    approved: (scope: TenantScope, row: Announcement): Promise<void> =>
      notifications.notify(scope, {
        kind: APPROVED,
        userIds: authorOf(row),
        data: about(row),
        subject: row.id,
      }),
    returned: (scope: TenantScope, row: Announcement): Promise<void> =>
      notifications.notify(scope, {
        kind: RETURNED,
        userIds: authorOf(row),
        data: { ...about(row), note: row.note ?? '' },
        subject: row.id,
      }),
  };
}
