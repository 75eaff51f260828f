import type { TenantTrx } from '@preau/tenancy';
import type { Announcement } from './announcement.model.ts';

export interface AnnouncementPage {
  count: number;
  rows: Announcement[];
}

const COLUMNS = 'id, title, body, pinned, author_id, author_name, created_at, updated_at, version';
const likeText = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/** One page, pinned first and newest first. Two statements sent together: this is the portal's first request. */
export async function listAnnouncements(
  trx: TenantTrx,
  { page = 1, page_size: size = 20, search }: { page?: number; page_size?: number; search?: string },
): Promise<AnnouncementPage> {
  const where = search?.trim() ? 'WHERE title ILIKE ? OR body ILIKE ?' : '';
  const terms = where ? [likeText(search?.trim() ?? ''), likeText(search?.trim() ?? '')] : [];
  const [counted, listed] = await Promise.all([
    trx.raw(`SELECT count(*)::int AS count FROM announcements ${where}`, terms),
    trx.raw(
      `SELECT ${COLUMNS} FROM announcements ${where} ORDER BY pinned DESC, created_at DESC, id LIMIT ? OFFSET ?`,
      [...terms, size, (page - 1) * size],
    ),
  ]);
  return { count: counted.rows[0].count, rows: listed.rows };
}
