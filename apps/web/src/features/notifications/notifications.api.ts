import type * as contracts from '@preau/contracts/notifications';
import { call } from '../../shared/http.ts';

export const listNotifications = (query: { page?: number; page_size?: number; unread?: boolean }) =>
  call<typeof contracts.listNotifications>('GET', '/notifications/', { query });

export const countUnread = () =>
  call<typeof contracts.countUnreadNotifications>('GET', '/notifications/unread_count/');

export const markRead = (id: string) =>
  call<typeof contracts.readNotification>('POST', '/notifications/:id/read/', { params: { id } });

export const markAllRead = () =>
  call<typeof contracts.readAllNotifications>('POST', '/notifications/read_all/');

export const listPreferences = () =>
  call<typeof contracts.listNotificationPreferences>('GET', '/notifications/preferences/');

export const savePreference = (body: contracts.NotificationPreferencePatch) =>
  call<typeof contracts.updateNotificationPreference>('PATCH', '/notifications/preferences/', { body });
