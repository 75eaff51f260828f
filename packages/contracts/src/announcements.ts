import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Id, Nullable, Page, PageQuery, Uuid } from './fields.ts';

export const Announcement = Type.Object({
  id: Uuid,
  title: Type.String(),
  body: Type.String({ description: 'Plain text; line breaks are kept' }),
  pinned: Type.Boolean(),
  author: Type.Object({ id: Nullable(Uuid), name: Type.String() }),
  may_edit: Type.Boolean({ description: 'Whether the reader may change or delete it' }),
  created_at: DateTime,
  updated_at: DateTime,
});
export type Announcement = Static<typeof Announcement>;

const fields = {
  title: Type.String({ minLength: 1, maxLength: 200, format: 'not-blank' }),
  body: Type.String({ minLength: 1, maxLength: 20_000, format: 'not-blank' }),
  pinned: Type.Optional(Type.Boolean({ default: false })),
};
export const AnnouncementCreate = Type.Object(fields, { additionalProperties: false });
export type AnnouncementCreate = Static<typeof AnnouncementCreate>;
export const AnnouncementPatch = Type.Partial(AnnouncementCreate, {
  additionalProperties: false,
  minProperties: 1,
});
export type AnnouncementPatch = Static<typeof AnnouncementPatch>;

const tenant = { zone: 'tenant', tag: 'announcements', module: 'announcements' } as const;

export const listAnnouncements = defineRoute({
  ...tenant,
  name: 'listAnnouncements',
  method: 'GET',
  path: '/announcements/',
  permission: 'announcements:read',
  summary: 'Announcements, pinned first, newest first',
  query: Type.Object(
    { ...PageQuery, search: Type.Optional(Type.String({ maxLength: 200 })) },
    { additionalProperties: false },
  ),
  success: { status: 200, schema: Page(Announcement) },
});
export const createAnnouncement = defineRoute({
  ...tenant,
  name: 'createAnnouncement',
  method: 'POST',
  path: '/announcements/',
  permission: 'announcements:write',
  summary: 'Publish an announcement',
  body: AnnouncementCreate,
  success: { status: 201, schema: Announcement },
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
