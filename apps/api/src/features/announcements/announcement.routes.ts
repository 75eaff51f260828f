import * as contracts from '@preau/contracts/announcements';
import { pageLinks } from '../../platform/pagination.ts';
import { expectedVersion, showVersion, withVersion } from '../../platform/versions.ts';
import type { Services } from '../../services.ts';
import type { Actor } from '../audit/index.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import type { Announcement } from './announcement.model.ts';
import { mayEdit } from './announcement.service.ts';

const present = (announcement: Announcement, actor: Actor): contracts.Announcement => ({
  id: announcement.id,
  title: announcement.title,
  body: announcement.body,
  pinned: announcement.pinned,
  author: { id: announcement.author_id, name: announcement.author_name },
  may_edit: mayEdit(actor, announcement),
  created_at: announcement.created_at.toISOString(),
  updated_at: announcement.updated_at.toISOString(),
});

export const announcementRoutes = ({ announcements }: Services): BoundRoute[] => [
  bind(contracts.listAnnouncements, async (call) => {
    const { count, rows } = await announcements.list(schoolOf(call), call.query);
    return {
      count,
      ...pageLinks(call.reply, call.query, count),
      results: rows.map((row) => present(row, call.actor)),
    };
  }),
  bind(contracts.createAnnouncement, async (call) => {
    const announcement = await announcements.create(schoolOf(call), call.origin, call.body);
    call.reply.header('location', `/api/v1/announcements/${announcement.id}/`);
    return showVersion(call.reply, announcement.version, present(announcement, call.actor));
  }),
  bind(contracts.getAnnouncement, async (call) => {
    const announcement = await announcements.get(schoolOf(call), call.params.id);
    return withVersion(call, announcement.version, present(announcement, call.actor));
  }),
  bind(contracts.updateAnnouncement, async (call) => {
    const { params, body, headers, origin, reply } = call;
    const changed = await announcements.update(
      schoolOf(call),
      origin,
      params.id,
      body,
      expectedVersion(headers),
    );
    return showVersion(reply, changed.version, present(changed, call.actor));
  }),
  bind(contracts.deleteAnnouncement, async (call) => {
    await announcements.remove(schoolOf(call), call.origin, call.params.id, expectedVersion(call.headers));
    return undefined;
  }),
];
