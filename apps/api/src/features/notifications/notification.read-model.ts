import type { TenantTrx } from '@preau/tenancy';
import type { Notification, NotificationChoice } from './notification.model.ts';

export interface NotificationPage {
  count: number;
  rows: Notification[];
}

/** One page of a person's own, newest first, of these kinds. */
export async function listNotifications(
  trx: TenantTrx,
  { userId, kinds, unread = false }: { userId: string; kinds: readonly string[]; unread?: boolean },
  { page = 1, page_size: size = 20 }: { page?: number; page_size?: number },
): Promise<NotificationPage> {
  const where = `FROM notifications WHERE user_id = ? AND shown AND kind = ANY (?) ${unread ? 'AND read_at IS NULL' : ''}`;
  const bindings = [userId, kinds as string[]];
  const [counted, listed] = await Promise.all([
    trx.raw(`SELECT count(*)::int AS count ${where}`, bindings),
    trx.raw(
      `SELECT id, kind, data, created_at, read_at ${where} ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?`,
      [...bindings, size, (page - 1) * size],
    ),
  ]);
  return { count: counted.rows[0].count, rows: listed.rows };
}

export async function countUnread(trx: TenantTrx, userId: string, kinds: readonly string[]): Promise<number> {
  const { rows } = await trx.raw(
    `SELECT count(*)::int AS count FROM notifications
     WHERE user_id = ? AND shown AND read_at IS NULL AND kind = ANY (?)`,
    [userId, kinds as string[]],
  );
  return rows[0].count;
}

export async function choicesOf(trx: TenantTrx, userId: string): Promise<NotificationChoice[]> {
  const { rows } = await trx.raw('SELECT kind, in_app, mail FROM notification_choices WHERE user_id = ?', [
    userId,
  ]);
  return rows;
}

/** What a school owes by mail: unread still, oldest first. */
export async function listMailDue(trx: TenantTrx, most: number): Promise<Notification[]> {
  const { rows } = await trx.raw(
    `SELECT id, user_id, kind, data, created_at, read_at FROM notifications
     WHERE mail_due ORDER BY created_at, id LIMIT ?`,
    [most],
  );
  return rows;
}
