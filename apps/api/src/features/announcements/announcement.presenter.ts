import type { Announcement as View, AnnouncementSummary } from '@preau/contracts/announcements';
import type { Actor } from '../audit/index.ts';
import type { AnnouncementRow } from './announcement.read-model.ts';
import type { AnnouncementDetail } from './announcement.service.ts';
import { excerptOf, toHtml } from './markdown.ts';
import { mayEdit } from './reader.ts';

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

export const presentSummary = (row: AnnouncementRow, actor: Actor): AnnouncementSummary => ({
  id: row.id,
  title: row.title,
  body: row.body,
  excerpt: excerptOf(row.body),
  pinned: row.pinned,
  status: row.status,
  public: row.public,
  audience: { roles: row.audience_roles, groups: row.audience_groups },
  author: { id: row.author_id, name: row.author_name },
  may_edit: mayEdit(actor, row),
  // One's own needs no reading.
  read: row.read || (row.author_id !== null && row.author_id === actor.id),
  attachment_count: row.attachment_count,
  publish_at: iso(row.publish_at),
  published_at: iso(row.published_at),
  expires_at: iso(row.expires_at),
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

export function presentAnnouncement({ row, files, readers }: AnnouncementDetail, actor: Actor): View {
  const summary = presentSummary(row, actor);
  return {
    ...summary,
    body_html: toHtml(row.body),
    attachment_count: files.length,
    attachments: files.map((file) => ({ ...file, url: `/api/v1/media/${file.id}/content/` })),
    readers,
    note: summary.may_edit ? row.note : null,
  };
}
