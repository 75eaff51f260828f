import { AnnouncementCreate } from '@preau/contracts/announcements';
import { Type } from 'typebox';
import { defineFixtures, type FixtureCount } from '../fixtures/index.ts';
import { Announcement } from './announcement.model.ts';

// Files and groups are known by ids, which a file of data does not have.
const { attachments: _attachments, audience: _audience, ...fields } = AnnouncementCreate.properties;

/** News, each known by its title. */
export const announcementFixtures = defineFixtures({
  key: 'announcements',
  schema: Type.Array(
    Type.Object(
      {
        ...fields,
        roles: Type.Optional(Type.Index(AnnouncementCreate.properties.audience, ['roles'])),
      },
      { additionalProperties: false },
    ),
  ),
  async load(scope, data): Promise<FixtureCount> {
    const { trx, origin, services } = scope;
    const titles = new Set((await Announcement.query(trx).select('title')).map(({ title }) => title));
    const count = { created: 0, unchanged: 0 };
    for (const { roles, ...news } of data) {
      const isKnown = titles.has(news.title.trim());
      count[isKnown ? 'unchanged' : 'created'] += 1;
      if (isKnown) continue;
      titles.add(news.title.trim());
      await services.announcements.enter(scope, {}, origin, {
        ...news,
        ...(roles ? { audience: { roles } } : {}),
      });
    }
    return count;
  },
});
