import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Id, Nullable, Page, PageQuery, Uuid } from './fields.ts';

export const Notification = Type.Object({
  id: Uuid,
  kind: Type.String({ description: '`feature.event`' }),
  title: Type.String({ description: 'In the language of the request' }),
  text: Nullable(Type.String()),
  path: Type.String({ description: 'Where in the portal it leads' }),
  created_at: DateTime,
  read_at: Nullable(DateTime),
});
export type Notification = Static<typeof Notification>;

export const UnreadCount = Type.Object({ unread: Type.Integer({ minimum: 0 }) });
export type UnreadCount = Static<typeof UnreadCount>;

export const NotificationPreference = Type.Object({
  kind: Type.String(),
  name: Type.String({ description: 'In the language of the request' }),
  in_app: Type.Boolean({ description: 'Shown in the portal' }),
  mail: Type.Boolean({
    description: 'Sent by mail, with others, when it is still unread after some minutes',
  }),
});
export type NotificationPreference = Static<typeof NotificationPreference>;

export const NotificationPreferencePatch = Type.Object(
  {
    kind: Type.String({ minLength: 1, maxLength: 100 }),
    in_app: Type.Optional(Type.Boolean()),
    mail: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type NotificationPreferencePatch = Static<typeof NotificationPreferencePatch>;

const own = { zone: 'tenant', tag: 'notifications', permission: 'notifications:own' } as const;

export const listNotifications = defineRoute({
  ...own,
  name: 'listNotifications',
  method: 'GET',
  path: '/notifications/',
  summary: 'One’s own notifications, newest first',
  query: Type.Object(
    { ...PageQuery, unread: Type.Optional(Type.Boolean({ description: 'Only those not read yet' })) },
    { additionalProperties: false },
  ),
  success: { status: 200, schema: Page(Notification) },
});
export const countUnreadNotifications = defineRoute({
  ...own,
  name: 'countUnreadNotifications',
  method: 'GET',
  path: '/notifications/unread_count/',
  inBackground: true,
  summary: 'How many of one’s own are not read yet',
  success: { status: 200, schema: UnreadCount },
});
export const readNotification = defineRoute({
  ...own,
  name: 'readNotification',
  method: 'POST',
  path: '/notifications/:id/read/',
  summary: 'Mark one as read',
  params: Id,
  success: { status: 204 },
});
export const readAllNotifications = defineRoute({
  ...own,
  name: 'readAllNotifications',
  method: 'POST',
  path: '/notifications/read_all/',
  summary: 'Mark all as read',
  success: { status: 200, schema: UnreadCount },
});
export const listNotificationPreferences = defineRoute({
  ...own,
  name: 'listNotificationPreferences',
  method: 'GET',
  path: '/notifications/preferences/',
  summary: 'Which kinds one is told of, and how',
  success: { status: 200, schema: Type.Object({ results: Type.Array(NotificationPreference) }) },
});
export const updateNotificationPreference = defineRoute({
  ...own,
  name: 'updateNotificationPreference',
  method: 'PATCH',
  path: '/notifications/preferences/',
  summary: 'Choose how one is told of a kind',
  body: NotificationPreferencePatch,
  success: { status: 200, schema: NotificationPreference },
});
