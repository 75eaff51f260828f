import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Id, Nullable, Page, PageQuery, Uuid } from './fields.ts';
import { ANNOUNCEMENT_STATUSES, SCHOOL_ROLES } from './vocabulary.ts';

const strict = { additionalProperties: false } as const;
const Status = Type.Enum([...ANNOUNCEMENT_STATUSES]);

const Attachment = Type.Object({
  id: Uuid,
  name: Type.String(),
  media_type: Type.String(),
  bytes: Type.Integer(),
  url: Type.String({ description: 'Of the content, on the school’s host' }),
});
export type Attachment = Static<typeof Attachment>;

const summary = {
  id: Uuid,
  title: Type.String(),
  body: Type.String({ description: 'Markdown' }),
  excerpt: Type.String({ description: 'The beginning of the body, without its marks' }),
  pinned: Type.Boolean(),
  status: Status,
  public: Type.Boolean({ description: 'Also in the feed that is open to everybody' }),
  audience: Type.Object({ roles: Type.Array(Type.String()), groups: Type.Array(Uuid) }),
  author: Type.Object({ id: Nullable(Uuid), name: Type.String() }),
  may_edit: Type.Boolean({ description: 'Whether the reader may change or delete it' }),
  read: Type.Boolean({ description: 'Whether the reader has read it' }),
  attachment_count: Type.Integer(),
  publish_at: Nullable(DateTime),
  published_at: Nullable(DateTime),
  expires_at: Nullable(DateTime),
  created_at: DateTime,
  updated_at: DateTime,
};
/** An announcement in a list. */
export const AnnouncementSummary = Type.Object(summary);
export type AnnouncementSummary = Static<typeof AnnouncementSummary>;

export const Announcement = Type.Object({
  ...summary,
  body_html: Type.String({ description: 'The body as safe HTML: no raw HTML, no pictures of other hosts' }),
  attachments: Type.Array(Attachment),
  readers: Nullable(
    Type.Integer({ description: 'How many have read it; for its author and administrators' }),
  ),
  note: Nullable(Type.String({ description: 'Why it was sent back to its author' })),
});
export type Announcement = Static<typeof Announcement>;

const Audience = Type.Object(
  {
    roles: Type.Optional(Type.Array(Type.Enum([...SCHOOL_ROLES]), { maxItems: 5, uniqueItems: true })),
    groups: Type.Optional(Type.Array(Uuid, { maxItems: 50, uniqueItems: true })),
  },
  {
    ...strict,
    description: 'Members with one of the roles or in one of the groups; everybody when both are empty',
  },
);
const Moment = Nullable(DateTime);

const fields = {
  title: Type.String({ minLength: 1, maxLength: 200, format: 'not-blank' }),
  body: Type.String({ minLength: 1, maxLength: 20_000, format: 'not-blank', description: 'Markdown' }),
  pinned: Type.Optional(Type.Boolean({ default: false })),
  status: Type.Optional(
    Type.Enum(['draft', 'published'], {
      description:
        'What the author wants of it; `published` unless told. It is `submitted` instead where the school approves first, and `scheduled` before its time',
    }),
  ),
  publish_at: Type.Optional(Moment),
  expires_at: Type.Optional(Moment),
  public: Type.Optional(Type.Boolean({ default: false, description: 'For administrators to set' })),
  audience: Type.Optional(Audience),
  attachments: Type.Optional(
    Type.Array(Uuid, { maxItems: 10, uniqueItems: true, description: 'Files of the media library' }),
  ),
};
export const AnnouncementCreate = Type.Object(fields, strict);
export type AnnouncementCreate = Static<typeof AnnouncementCreate>;
export const AnnouncementPatch = Type.Partial(AnnouncementCreate, { ...strict, minProperties: 1 });
export type AnnouncementPatch = Static<typeof AnnouncementPatch>;

export const AnnouncementQuery = Type.Object(
  {
    ...PageQuery,
    search: Type.Optional(
      Type.String({
        maxLength: 200,
        description: 'Words of title or body, in any form, with or without accents',
      }),
    ),
    status: Type.Optional(
      Type.Enum(['published', 'draft', 'submitted', 'scheduled', 'expired'], {
        description:
          'Without it what is to be read now. The others: one’s own, and for administrators all but drafts',
      }),
    ),
    unread: Type.Optional(Type.Boolean({ description: 'Only what the reader has not read yet' })),
  },
  strict,
);
export type AnnouncementQuery = Static<typeof AnnouncementQuery>;

export const AnnouncementSettings = Type.Object(
  {
    approval: Type.Boolean({
      description: 'Whether an administrator has to approve what others write before it is published',
    }),
  },
  strict,
);
export type AnnouncementSettings = Static<typeof AnnouncementSettings>;

const tenant = { zone: 'tenant', tag: 'announcements', module: 'announcements' } as const;
const REFUSALS = ['audience_of_public', 'unknown_group', 'unknown_file', 'expires_before'] as const;

export const listAnnouncements = defineRoute({
  ...tenant,
  name: 'listAnnouncements',
  method: 'GET',
  path: '/announcements/',
  permission: 'announcements:read',
  summary: 'Announcements for the reader, pinned first, newest first',
  query: AnnouncementQuery,
  success: { status: 200, schema: Page(AnnouncementSummary) },
});
export const createAnnouncement = defineRoute({
  ...tenant,
  name: 'createAnnouncement',
  method: 'POST',
  path: '/announcements/',
  permission: 'announcements:write',
  summary: 'Write an announcement: published at once, at its time, once approved, or kept as a draft',
  body: AnnouncementCreate,
  success: { status: 201, schema: Announcement },
  errors: REFUSALS,
});
export const getAnnouncement = defineRoute({
  ...tenant,
  name: 'getAnnouncement',
  method: 'GET',
  path: '/announcements/:id/',
  permission: 'announcements:read',
  etag: true,
  summary: 'One announcement',
  params: Id,
  success: { status: 200, schema: Announcement },
});
export const updateAnnouncement = defineRoute({
  ...tenant,
  name: 'updateAnnouncement',
  method: 'PATCH',
  path: '/announcements/:id/',
  permission: 'announcements:write',
  etag: true,
  summary: 'Change an announcement: one’s own, or any as an administrator',
  params: Id,
  body: AnnouncementPatch,
  success: { status: 200, schema: Announcement },
  errors: REFUSALS,
});
export const deleteAnnouncement = defineRoute({
  ...tenant,
  name: 'deleteAnnouncement',
  method: 'DELETE',
  path: '/announcements/:id/',
  permission: 'announcements:write',
  etag: true,
  summary: 'Delete an announcement: one’s own, or any as an administrator',
  params: Id,
  success: { status: 204 },
});
export const readAnnouncement = defineRoute({
  ...tenant,
  name: 'readAnnouncement',
  method: 'POST',
  path: '/announcements/:id/read/',
  permission: 'announcements:read',
  summary: 'Say that one has read it; its author sees how many have',
  params: Id,
  success: { status: 204 },
});
export const approveAnnouncement = defineRoute({
  ...tenant,
  name: 'approveAnnouncement',
  method: 'POST',
  path: '/announcements/:id/approve/',
  permission: 'announcements:moderate',
  summary: 'Approve what waits: it is published, or scheduled for its time',
  params: Id,
  success: { status: 200, schema: Announcement },
  errors: ['announcement_not_waiting'],
});
export const returnAnnouncement = defineRoute({
  ...tenant,
  name: 'returnAnnouncement',
  method: 'POST',
  path: '/announcements/:id/return/',
  permission: 'announcements:moderate',
  summary: 'Send what waits, or is published, back to its author as a draft, with a word',
  params: Id,
  body: Type.Object({ note: Type.String({ minLength: 1, maxLength: 1_000, format: 'not-blank' }) }, strict),
  success: { status: 200, schema: Announcement },
  errors: ['announcement_not_waiting'],
});
export const previewAnnouncement = defineRoute({
  ...tenant,
  name: 'previewAnnouncement',
  method: 'POST',
  path: '/announcements/preview/',
  permission: 'announcements:write',
  rateLimit: 120,
  summary: 'What a text in Markdown will look like',
  body: Type.Object({ body: Type.String({ maxLength: 20_000 }) }, strict),
  success: { status: 200, schema: Type.Object({ body_html: Type.String() }) },
});
export const getAnnouncementSettings = defineRoute({
  ...tenant,
  name: 'getAnnouncementSettings',
  method: 'GET',
  path: '/announcements/settings/',
  permission: 'announcements:read',
  summary: 'How announcements are published in this school',
  success: { status: 200, schema: AnnouncementSettings },
});
export const updateAnnouncementSettings = defineRoute({
  ...tenant,
  name: 'updateAnnouncementSettings',
  method: 'PATCH',
  path: '/announcements/settings/',
  permission: 'announcements:moderate',
  summary: 'Change how announcements are published in this school',
  body: AnnouncementSettings,
  success: { status: 200, schema: AnnouncementSettings },
});
export const announcementFeed = defineRoute({
  ...tenant,
  name: 'getAnnouncementFeed',
  method: 'GET',
  path: '/announcements/feed/',
  permission: 'anyone',
  rateLimit: 120,
  summary: 'RSS of what is public, without logging in',
  success: {
    status: 200,
    schema: Type.String({ description: 'RSS 2.0' }),
    file: 'application/rss+xml',
  },
});
