import * as contracts from '@preau/contracts/notifications';
import type { Language } from '@preau/contracts/vocabulary';
import { AppError } from '../../platform/app-error.ts';
import { pageLinks } from '../../platform/pagination.ts';
import type { Services } from '../../services.ts';
import type { Actor } from '../audit/index.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import type { Choice } from './notification.service.ts';
import { sentenceOf } from './sentence.ts';

/** Notifications are a person's: no key carries the permission. */
function readerOf(actor: Actor): string {
  if (actor.type !== 'user')
    throw new AppError('permission_denied', { details: { permission: 'notifications:own' } });
  return actor.id;
}

const presentChoice = (
  { kind, in_app, mail }: Choice,
  language: Language,
): contracts.NotificationPreference => ({
  kind: kind.kind,
  name: kind.name[language],
  in_app,
  mail,
});

export const notificationRoutes = ({ notifications }: Services): BoundRoute[] => [
  bind(contracts.listNotifications, async (call) => {
    const tenant = schoolOf(call);
    const { count, rows } = await notifications.list(tenant, readerOf(call.actor), call.query);
    const kinds = new Map(notifications.kindsOf(tenant).map((kind) => [kind.kind, kind]));
    return {
      count,
      ...pageLinks(call.reply, call.query, count),
      results: rows.flatMap((row) => {
        const kind = kinds.get(row.kind);
        if (!kind) return [];
        return {
          id: row.id,
          kind: row.kind,
          ...sentenceOf(kind, row, call.language),
          created_at: row.created_at.toISOString(),
          read_at: row.read_at?.toISOString() ?? null,
        };
      }),
    };
  }),
  bind(contracts.countUnreadNotifications, async (call) => ({
    unread: await notifications.countUnread(schoolOf(call), readerOf(call.actor)),
  })),
  bind(contracts.readNotification, async (call) => {
    await notifications.read(schoolOf(call), readerOf(call.actor), call.params.id);
    return undefined;
  }),
  bind(contracts.readAllNotifications, async (call) => {
    await notifications.readAll(schoolOf(call), readerOf(call.actor));
    return { unread: 0 };
  }),
  bind(contracts.listNotificationPreferences, async (call) => {
    const choices = await notifications.choices(schoolOf(call), readerOf(call.actor));
    return { results: choices.map((choice) => presentChoice(choice, call.language)) };
  }),
  bind(contracts.updateNotificationPreference, async (call) => {
    const choice = await notifications.choose(schoolOf(call), call.origin, readerOf(call.actor), call.body);
    return presentChoice(choice, call.language);
  }),
];
