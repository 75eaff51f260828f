import { Feed } from 'feed';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import type { Announcement } from './announcement.model.ts';
import { excerptOf, toHtml } from './markdown.ts';

/** RSS 2.0 of what a school says to everybody. `site`: the school's address, without a slash at the end. */
export function writeFeed(
  { name, settings }: Pick<TenantSnapshot, 'name' | 'settings'>,
  rows: readonly Announcement[],
  site: string,
): string {
  const feed = new Feed({
    id: `${site}/`,
    title: name,
    description: settings.language === 'fr' ? `Annonces : ${name}` : `Announcements: ${name}`,
    link: `${site}/`,
    language: settings.language,
    copyright: name,
    generator: 'Préau',
    feedLinks: { rss: `${site}/api/v1/announcements/feed/` },
    // The latest of what it says, so that the same content is the same file.
    ...(rows[0] ? { updated: new Date(Math.max(...rows.map(({ updated_at: at }) => at.getTime()))) } : {}),
  });
  for (const row of rows) {
    const link = `${site}/announcements/${row.id}`;
    feed.addItem({
      id: link,
      guid: link,
      title: row.title,
      link,
      date: row.published_at ?? row.created_at,
      description: excerptOf(row.body),
      content: toHtml(row.body),
    });
  }
  return feed.rss2();
}
