import type {
  AnnouncementCreate,
  AnnouncementPatch,
  AnnouncementQuery,
} from '@preau/contracts/announcements';
import type { Tenancy, TenantRef, TenantScope, TenantTrx } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../platform/app-error.ts';
import { auditTenant, type Actor, type Origin } from '../audit/index.ts';
import { namesOfGroups } from '../groups/index.ts';
import { filesOf, type AttachedFile } from '../media/index.ts';
import { toColumns, statusOf } from './announcement-input.ts';
import type { Announcement } from './announcement.model.ts';
import {
  countReaders,
  fileIdsOf,
  findAnnouncement,
  listAnnouncements,
  publicAnnouncements,
  type AnnouncementRow,
} from './announcement.read-model.ts';
import {
  deleteAnnouncement,
  insertAnnouncement,
  lockAnnouncement,
  markRead,
  patchAnnouncement,
  planPublication,
  putFiles,
} from './announcement.repository.ts';
import type { Herald } from './herald.ts';
import { mayEdit, readerOf } from './reader.ts';

export type AnnouncementService = ReturnType<typeof createAnnouncementService>;

/** A school, with what of it decides about its announcements. */
export type AnnouncingSchool = TenantRef & {
  settings?: { announcement_approval?: boolean };
  modulesEnabled?: Readonly<Record<string, boolean>>;
};

export interface AnnouncementDetail {
  row: AnnouncementRow;
  files: AttachedFile[];
  /** Null for who neither wrote nor moderates it. */
  readers: number | null;
}

const MOST_IN_FEED = 50;
const hasMedia = ({ modulesEnabled }: AnnouncingSchool): boolean => modulesEnabled?.['media'] !== false;
const target = (id: string) => ({ type: 'announcement', id });
/** What the trail keeps: not the whole text, which may be long. */
const shown = (row: Announcement) => ({
  title: row.title,
  body: row.body,
  pinned: row.pinned,
  status: row.status,
  publish_at: row.publish_at,
  expires_at: row.expires_at,
  public: row.public,
  audience_roles: row.audience_roles,
  audience_groups: row.audience_groups,
});

/** News of a school for its members. */
export function createAnnouncementService({ tenancy, herald }: { tenancy: Tenancy; herald?: Herald }) {
  /** One that this person may change, held. Who may not even see it learns nothing of it. */
  async function editable(
    trx: TenantTrx,
    { actor }: Origin,
    id: string,
    expected: number | undefined,
  ): Promise<Announcement> {
    const row = await lockAnnouncement(trx, id);
    if (!row || !(await findAnnouncement(trx, id, readerOf(actor)))) throw new AppError('not_found');
    if (!mayEdit(actor, row))
      throw new AppError('permission_denied', { details: { permission: 'announcements:write' } });
    if (expected !== undefined && row.version !== expected) throw new AppError('precondition_failed');
    return row;
  }

  async function detail(
    trx: TenantTrx,
    school: AnnouncingSchool,
    actor: Actor,
    id: string,
  ): Promise<AnnouncementDetail> {
    const row = await findAnnouncement(trx, id, readerOf(actor));
    if (!row) throw new AppError('not_found');
    const ids = hasMedia(school) && row.attachment_count > 0 ? await fileIdsOf(trx, id) : [];
    const files = await filesOf(trx, ids);
    return {
      row,
      files: ids.flatMap((fileId) => files.get(fileId) ?? []),
      readers: mayEdit(actor, row) ? await countReaders(trx, id) : null,
    };
  }

  /** What an announcement names must be of this school. */
  async function assertKnown(
    trx: TenantTrx,
    groups: readonly string[] | undefined,
    files: readonly string[] | undefined,
  ): Promise<void> {
    if (groups && groups.length > 0 && (await namesOfGroups(trx, groups)).size < groups.length)
      throw new AppError('unknown_group');
    if (files && (await filesOf(trx, files)).size < files.length) throw new AppError('unknown_file');
  }

  /** What an announcement is from here on: published where nothing stands in the way, and told of. */
  async function settle(scope: TenantScope, before: Announcement | null, after: Announcement): Promise<void> {
    if (before?.status === 'scheduled' || after.status === 'scheduled')
      await planPublication(scope.trx, after.id, after.status === 'scheduled' ? after.publish_at : null);
    if (before?.status === 'published') await herald?.changed(scope, [before, after]);
    if (before?.status === after.status) return;
    if (after.status === 'published') await herald?.published(scope, after);
    if (after.status === 'submitted') await herald?.waits(scope, after);
  }

  function assertPublic(actor: Actor, input: { public?: boolean }, before: Announcement | null): void {
    if (input.public === undefined || input.public === (before?.public ?? false)) return;
    if (!readerOf(actor).moderates)
      throw new AppError('permission_denied', { details: { permission: 'announcements:moderate' } });
  }

  /** Writes a new one. */
  async function enter(
    scope: TenantScope,
    school: Pick<AnnouncingSchool, 'settings'>,
    origin: Origin,
    input: AnnouncementCreate,
  ): Promise<Announcement> {
    const { trx } = scope;
    const { actor } = origin;
    assertPublic(actor, input, null);
    const columns = toColumns(input, null);
    await assertKnown(trx, input.audience?.groups, input.attachments);
    const approved = readerOf(actor).moderates || school.settings?.announcement_approval !== true;
    const status = input.status === 'draft' ? 'draft' : statusOf(columns, { approved });
    const row = await insertAnnouncement(trx, {
      ...columns,
      id: uuidv7(),
      status,
      published_at: status === 'published' ? new Date() : null,
      author_id: actor.id,
      author_name: actor.type === 'user' ? actor.fullName : actor.label,
    });
    if (input.attachments && input.attachments.length > 0) await putFiles(trx, row.id, input.attachments);
    await auditTenant(trx, origin, {
      action: 'announcement.create',
      target: target(row.id),
      after: shown(row),
    });
    await settle(scope, null, row);
    return row;
  }

  return {
    /** In a transaction that is there already. */
    enter,

    list: (school: AnnouncingSchool, query: AnnouncementQuery, actor: Actor) =>
      tenancy.read(school, ({ trx }) =>
        listAnnouncements(trx, query, readerOf(actor), { attachments: hasMedia(school) }),
      ),

    get: (school: AnnouncingSchool, id: string, actor: Actor): Promise<AnnouncementDetail> =>
      tenancy.read(school, ({ trx }) => detail(trx, school, actor, id)),

    /** What the feed shows to everybody. */
    feed: (school: TenantRef): Promise<Announcement[]> =>
      tenancy.read(school, ({ trx }) => publicAnnouncements(trx, MOST_IN_FEED)),

    create: (
      school: AnnouncingSchool,
      origin: Origin,
      input: AnnouncementCreate,
    ): Promise<AnnouncementDetail> =>
      tenancy.write(school, async (scope) => {
        const { id } = await enter(scope, school, origin, input);
        return detail(scope.trx, school, origin.actor, id);
      }),

    /**
     * Changes one. Where the school approves first, what somebody else than an administrator changes of a text that is out
     * waits for approval again: otherwise approval would be of another text.
     */
    update: (
      school: AnnouncingSchool,
      origin: Origin,
      id: string,
      input: AnnouncementPatch,
      expected?: number,
    ): Promise<AnnouncementDetail> =>
      tenancy.write(school, async (scope) => {
        const { trx } = scope;
        const { actor } = origin;
        const before = await editable(trx, origin, id, expected);
        assertPublic(actor, input, before);
        const columns = toColumns(input, before);
        await assertKnown(trx, input.audience?.groups, input.attachments);
        const { moderates } = readerOf(actor);
        const approved = moderates || school.settings?.announcement_approval !== true;
        const wanted = input.status ?? (before.status === 'draft' ? 'draft' : 'published');
        let status = wanted === 'draft' ? 'draft' : statusOf(columns, { approved });
        // An administrator who mends a text that waits has not approved it by that.
        if (before.status === 'submitted' && input.status === undefined) status = 'submitted';
        // Published already: its time is over, whatever it was.
        if (before.status === 'published' && status === 'scheduled' && input.publish_at === undefined)
          status = 'published';
        const after = await patchAnnouncement(trx, before, {
          ...columns,
          status,
          published_at: status === 'published' ? (before.published_at ?? new Date()) : null,
          ...(status === 'draft' ? {} : { note: null }),
        });
        if (input.attachments) await putFiles(trx, id, input.attachments);
        await auditTenant(trx, origin, {
          action: 'announcement.update',
          target: target(id),
          before: shown(before),
          after: shown(after),
        });
        await settle(scope, before, after);
        return detail(trx, school, actor, id);
      }),

    remove: (school: TenantRef, origin: Origin, id: string, expected?: number): Promise<void> =>
      tenancy.write(school, async (scope) => {
        const { trx } = scope;
        const before = await editable(trx, origin, id, expected);
        if (before.status === 'scheduled') await planPublication(trx, id, null);
        if (before.status === 'published') await herald?.changed(scope, [before]);
        await deleteAnnouncement(trx, id);
        await auditTenant(trx, origin, {
          action: 'announcement.delete',
          target: target(id),
          before: shown(before),
        });
      }),

    /** Once is enough, and nobody's business but the reader's: no audit row says who read what. */
    read: (school: TenantRef, actor: Actor, id: string): Promise<void> =>
      tenancy.write(school, async ({ trx }) => {
        const row = await findAnnouncement(trx, id, readerOf(actor));
        if (!row) throw new AppError('not_found');
        // Authors are no readers of theirs, and programs read nothing.
        if (actor.type === 'user' && row.status === 'published' && row.author_id !== actor.id)
          await markRead(trx, id, actor.id);
      }),

    /** Throws `announcement_not_waiting`. */
    approve: (school: AnnouncingSchool, origin: Origin, id: string): Promise<AnnouncementDetail> =>
      tenancy.write(school, async (scope) => {
        const { trx } = scope;
        const before = await editable(trx, origin, id, undefined);
        if (before.status !== 'submitted')
          throw new AppError('announcement_not_waiting', { details: { status: before.status } });
        const status = statusOf(before, { approved: true });
        const after = await patchAnnouncement(trx, before, {
          status,
          note: null,
          published_at: status === 'published' ? new Date() : null,
        });
        await auditTenant(trx, origin, {
          action: 'announcement.approve',
          target: target(id),
          before: { status: before.status },
          after: { status },
        });
        await settle(scope, before, after);
        await herald?.approved(scope, after);
        return detail(trx, school, origin.actor, id);
      }),

    /** What waits, or is out already, becomes a draft of its author's again. Throws `announcement_not_waiting`. */
    sendBack: (
      school: AnnouncingSchool,
      origin: Origin,
      id: string,
      note: string,
    ): Promise<AnnouncementDetail> =>
      tenancy.write(school, async (scope) => {
        const { trx } = scope;
        const before = await editable(trx, origin, id, undefined);
        if (before.status === 'draft')
          throw new AppError('announcement_not_waiting', { details: { status: before.status } });
        const shownBefore = await detail(trx, school, origin.actor, id);
        const after = await patchAnnouncement(trx, before, {
          status: 'draft',
          note: note.trim(),
          published_at: null,
        });
        await auditTenant(trx, origin, {
          action: 'announcement.return',
          target: target(id),
          before: { status: before.status },
          after: { status: 'draft', note: after.note },
        });
        await settle(scope, before, after);
        await herald?.returned(scope, after);
        // From here on it is its author's alone: whoever sent it back sees it this once more.
        return { ...shownBefore, row: Object.assign(shownBefore.row, after) };
      }),
  };
}
