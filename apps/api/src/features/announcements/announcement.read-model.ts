import type { AnnouncementQuery } from '@preau/contracts/announcements';
import type { TenantTrx } from '@preau/tenancy';
import { GROUPS_OF_PERSON } from '../groups/index.ts';
import type { Announcement } from './announcement.model.ts';
import type { Reader } from './reader.ts';

export interface AnnouncementRow extends Announcement {
  read: boolean;
  attachment_count: number;
}

export interface AnnouncementPage {
  count: number;
  rows: AnnouncementRow[];
}

const likeText = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/** SQL: whether the reader is among those that `a` is for. Groups are looked up only where one is named. */
const FOR_READER = `(a.audience_roles = '{}' AND a.audience_groups = '{}' OR :role = ANY (a.audience_roles)
  OR a.audience_groups <> '{}' AND a.audience_groups && ${GROUPS_OF_PERSON})`;
const OWN = 'a.author_id = :userId';
const CURRENT = "a.status = 'published' AND (a.expires_at IS NULL OR a.expires_at > now())";

const columns = (attachments: boolean) => `a.*,
  EXISTS (SELECT FROM announcement_reads r WHERE r.announcement_id = a.id AND r.user_id = :userId) AS read,
  ${attachments ? '(SELECT count(*)::int FROM announcement_files f WHERE f.announcement_id = a.id)' : '0'} AS attachment_count`;

/** What may be listed: what is to be read now, or, of the other kinds, one's own, and all but drafts for who moderates. */
function listed({ moderates }: Reader, status: AnnouncementQuery['status']): string {
  if (status === undefined || status === 'published')
    return moderates ? CURRENT : `${CURRENT} AND (${FOR_READER} OR ${OWN})`;
  const kind =
    status === 'expired' ? "a.status = 'published' AND a.expires_at <= now()" : 'a.status = :status';
  return moderates && status !== 'draft' ? kind : `${kind} AND ${OWN}`;
}

/** SQL conditions of a search. Words find all their forms, with or without accents, and longer ones; signs find themselves. */
function searched(text: string): { sql: string; words: string } {
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length === 0) return { sql: '(a.title ILIKE :like OR a.body ILIKE :like)', words: '' };
  return {
    sql: `to_tsvector('tenant_api.preau_french', a.title || ' ' || a.body) @@ to_tsquery('tenant_api.preau_french', :words)`,
    words: words.map((word) => `${word}:*`).join(' & '),
  };
}

export interface ListOptions {
  /** Whether the school has its media library on: without it files are not to be had. */
  attachments: boolean;
}

/** One page, pinned first and newest first. Two statements sent together: this is the portal's first request. */
export async function listAnnouncements(
  trx: TenantTrx,
  { page = 1, page_size: size = 20, search, status, unread }: AnnouncementQuery,
  reader: Reader,
  { attachments }: ListOptions,
): Promise<AnnouncementPage> {
  const text = search?.trim() ?? '';
  const search_ = text === '' ? null : searched(text);
  const where = [
    listed(reader, status),
    ...(search_ ? [search_.sql] : []),
    ...(unread
      ? [
          'NOT EXISTS (SELECT FROM announcement_reads r WHERE r.announcement_id = a.id AND r.user_id = :userId)',
        ]
      : []),
  ].join(' AND ');
  const order =
    status === undefined || status === 'published' || status === 'expired'
      ? 'a.pinned DESC, a.published_at DESC, a.id'
      : 'coalesce(a.publish_at, a.updated_at), a.id';
  const values = {
    userId: reader.userId,
    role: reader.role,
    status: status ?? null,
    like: likeText(text),
    words: search_?.words ?? '',
    size,
    skip: (page - 1) * size,
  } as never;
  const [counted, rows] = await Promise.all([
    trx.raw(`SELECT count(*)::int AS count FROM announcements a WHERE ${where}`, values),
    trx.raw(
      `SELECT ${columns(attachments)} FROM announcements a WHERE ${where} ORDER BY ${order} LIMIT :size OFFSET :skip`,
      values,
    ),
  ]);
  return { count: counted.rows[0].count, rows: rows.rows };
}

/** One that the reader may see; undefined for any other. */
export async function findAnnouncement(
  trx: TenantTrx,
  id: string,
  reader: Reader,
): Promise<AnnouncementRow | undefined> {
  const seen = reader.moderates
    ? `(a.status <> 'draft' OR ${OWN})`
    : `(${OWN} OR ${CURRENT} AND ${FOR_READER})`;
  const { rows } = await trx.raw(
    `SELECT ${columns(true)} FROM announcements a WHERE a.id = :id AND ${seen}`,
    { id, userId: reader.userId, role: reader.role } as never,
  );
  return rows[0];
}

export async function countReaders(trx: TenantTrx, id: string): Promise<number> {
  const { rows } = await trx.raw(
    'SELECT count(*)::int AS count FROM announcement_reads WHERE announcement_id = ?',
    [id],
  );
  return rows[0].count;
}

/** Ids of its files, in their order. */
export async function fileIdsOf(trx: TenantTrx, id: string): Promise<string[]> {
  const { rows } = await trx.raw(
    'SELECT media_id FROM announcement_files WHERE announcement_id = ? ORDER BY position, media_id',
    [id],
  );
  return rows.map(({ media_id }: { media_id: string }) => media_id);
}

/** What is open to everybody, newest first. */
export async function publicAnnouncements(trx: TenantTrx, most: number): Promise<Announcement[]> {
  const { rows } = await trx.raw(
    `SELECT a.* FROM announcements a WHERE a.public AND ${CURRENT} ORDER BY a.published_at DESC, a.id LIMIT ?`,
    [most],
  );
  return rows;
}

/** How many wait for an administrator, and whether the school has ever published one. */
export async function announcementsAtAGlance(
  trx: TenantTrx,
): Promise<{ submitted: number; published: boolean }> {
  const { rows } = await trx.raw(
    `SELECT (SELECT count(*)::int FROM announcements WHERE status = 'submitted') AS submitted,
       EXISTS (SELECT FROM announcements WHERE status = 'published') AS published`,
  );
  return rows[0];
}
