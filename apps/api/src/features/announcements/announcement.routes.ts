import * as contracts from '@preau/contracts/announcements';
import { pageLinks } from '../../platform/pagination.ts';
import { expectedVersion, showVersion, withVersion } from '../../platform/versions.ts';
import type { Services } from '../../services.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import { presentAnnouncement, presentSummary } from './announcement.presenter.ts';
import { toHtml } from './markdown.ts';

export const announcementRoutes = ({ announcements, tenants, accounts }: Services): BoundRoute[] => [
  bind(contracts.listAnnouncements, async (call) => {
    const { count, rows } = await announcements.list(schoolOf(call), call.query, call.actor);
    return {
      count,
      ...pageLinks(call.reply, call.query, count),
      results: rows.map((row) => presentSummary(row, call.actor)),
    };
  }),
  bind(contracts.createAnnouncement, async (call) => {
    const made = await announcements.create(schoolOf(call), call.origin, call.body);
    call.reply.header('location', `/api/v1/announcements/${made.row.id}/`);
    return showVersion(call.reply, made.row.version, presentAnnouncement(made, call.actor));
  }),
  bind(contracts.previewAnnouncement, async ({ body }) => ({ body_html: toHtml(body.body) })),
  bind(contracts.getAnnouncementSettings, async (call) => ({
    approval: schoolOf(call).settings.announcement_approval,
  })),
  bind(contracts.updateAnnouncementSettings, async (call) => {
    const { approval } = call.body;
    await tenants.updateSettings(call.origin, schoolOf(call).id, { announcement_approval: approval });
    return { approval };
  }),
  bind(contracts.announcementFeed, async (call) => {
    const school = schoolOf(call);
    // Readers of feeds ask again and again: for some minutes they need not.
    call.reply.header('cache-control', 'public, max-age=300').type('application/rss+xml; charset=utf-8');
    // Loaded when it is needed: few schools have anything public.
    const { writeFeed } = await import('./feed.ts');
    return writeFeed(school, await announcements.feed(school), accounts.urlOf(school.primaryDomain));
  }),
  bind(contracts.getAnnouncement, async (call) => {
    const found = await announcements.get(schoolOf(call), call.params.id, call.actor);
    return withVersion(call, found.row.version, presentAnnouncement(found, call.actor));
  }),
  bind(contracts.updateAnnouncement, async (call) => {
    const { params, body, headers, origin, reply, actor } = call;
    const changed = await announcements.update(
      schoolOf(call),
      origin,
      params.id,
      body,
      expectedVersion(headers),
    );
    return showVersion(reply, changed.row.version, presentAnnouncement(changed, actor));
  }),
  bind(contracts.deleteAnnouncement, async (call) => {
    await announcements.remove(schoolOf(call), call.origin, call.params.id, expectedVersion(call.headers));
    return undefined;
  }),
  bind(contracts.readAnnouncement, async (call) => {
    await announcements.read(schoolOf(call), call.actor, call.params.id);
    return undefined;
  }),
  bind(contracts.approveAnnouncement, async (call) => {
    const done = await announcements.approve(schoolOf(call), call.origin, call.params.id);
    return showVersion(call.reply, done.row.version, presentAnnouncement(done, call.actor));
  }),
  bind(contracts.returnAnnouncement, async (call) => {
    const done = await announcements.sendBack(schoolOf(call), call.origin, call.params.id, call.body.note);
    return showVersion(call.reply, done.row.version, presentAnnouncement(done, call.actor));
  }),
];
