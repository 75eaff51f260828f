import type { AnnouncementCreate, AnnouncementPatch } from '@preau/contracts/announcements';
import type { AnnouncementStatus } from '@preau/contracts/vocabulary';
import { AppError } from '../../platform/app-error.ts';
import type { Announcement } from './announcement.model.ts';

type Columns = Pick<
  Announcement,
  'title' | 'body' | 'pinned' | 'publish_at' | 'expires_at' | 'public' | 'audience_roles' | 'audience_groups'
>;

const instant = (text: string | null | undefined, before: Date | null): Date | null =>
  text === undefined ? before : text === null ? null : new Date(text);

/** Columns of a new announcement, or of one after a change. Throws `audience_of_public`, `expires_before`. */
export function toColumns(
  input: AnnouncementCreate | AnnouncementPatch,
  before: Announcement | null,
): Columns {
  const { audience } = input;
  const columns: Columns = {
    title: input.title?.trim() ?? before?.title ?? '',
    body: input.body ?? before?.body ?? '',
    pinned: input.pinned ?? before?.pinned ?? false,
    publish_at: instant(input.publish_at, before?.publish_at ?? null),
    expires_at: instant(input.expires_at, before?.expires_at ?? null),
    public: input.public ?? before?.public ?? false,
    audience_roles: audience ? (audience.roles ?? []) : (before?.audience_roles ?? []),
    audience_groups: audience ? (audience.groups ?? []) : (before?.audience_groups ?? []),
  };
  if (columns.public && (columns.audience_roles.length > 0 || columns.audience_groups.length > 0))
    throw new AppError('audience_of_public');
  // An end that has passed already may stay as it is; a new one must leave something to be seen.
  if (columns.expires_at && input.expires_at !== undefined) {
    const from = Math.max(Date.now(), columns.publish_at?.getTime() ?? 0);
    if (columns.expires_at.getTime() <= from) throw new AppError('expires_before');
  }
  return columns;
}

/** What becomes of an announcement that its author wants published. */
export function statusOf(
  { publish_at }: Pick<Announcement, 'publish_at'>,
  { approved }: { approved: boolean },
): AnnouncementStatus {
  if (!approved) return 'submitted';
  return publish_at && publish_at.getTime() > Date.now() ? 'scheduled' : 'published';
}
