import type { ConversationCreate, MessageCreate, MessagingSettings } from '@preau/contracts/messaging';
import type { Tenancy, TenantRef, TenantScope, TenantTrx } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { auditTenant, SYSTEM, type Actor, type Origin } from '../audit/index.ts';
import { activeMembers, listGroupChoices, namesOfGroups } from '../groups/index.ts';
import type { KeptFiles } from '../media/index.ts';
import type { NotificationService } from '../notifications/index.ts';
import type { RealtimeHub } from '../realtime/index.ts';
import { announce, audienceOf } from './conversation-audience.ts';
import { attachFiles, dropFilesOf, dropForgotten } from './message-files.repository.ts';
import { mayWriteToGroups, reachable, saveSettings, settingsOf } from './messaging-settings.ts';
import { Conversation, Message } from './messaging.model.ts';
import { messageReceived } from './messaging.notifications.ts';
import { isReported } from './message-reports.read-model.ts';
import {
  countUnread,
  getConversationRow,
  listConversationRows,
  listMessageRows,
  rowOf,
  withFiles,
  type ConversationRow,
  type MessageRow,
} from './messaging.read-model.ts';
import { talker, type Talker } from './talker.ts';

export type MessagingService = ReturnType<typeof createMessagingService>;

const MOST_RECIPIENTS = 20;
/** What was prepared and not sent in a day will not be. */
const WAITING = 86_400_000;

export const mayReply = (
  row: Pick<ConversationRow, 'group_id' | 'replies' | 'created_by'>,
  userId: string,
): boolean => row.group_id === null || row.replies || row.created_by === userId;

/** Conversations of the members of a school. */
export function createMessagingService({
  tenancy,
  realtime,
  notifications,
  files,
}: {
  tenancy: Tenancy;
  realtime: RealtimeHub;
  notifications: NotificationService;
  files: Pick<KeptFiles, 'sweep'>;
}) {
  async function markRead(trx: TenantTrx, id: string, { id: userId, fullName, role }: Talker): Promise<void> {
    await trx.raw(
      `INSERT INTO conversation_people AS p (conversation_id, user_id, full_name, role, invited, read_at)
       VALUES (?, ?, ?, ?, false, clock_timestamp())
       ON CONFLICT (conversation_id, user_id) DO UPDATE SET read_at = clock_timestamp()`,
      [id, userId, fullName, role],
    );
  }

  /** Says something; the same message of the same sender once. */
  async function say(
    scope: TenantScope,
    origin: Origin,
    conversation: Pick<ConversationRow, 'id' | 'group_id'>,
    { body, files: fileIds = [], client_id: clientId }: MessageCreate,
  ): Promise<MessageRow> {
    const { trx } = scope;
    const author = talker(origin.actor);
    if (body.trim() === '' && fileIds.length === 0) throw fieldError('body', 'blank');
    const { rows } = await trx.raw<{ rows: Message[] }>(
      `INSERT INTO messages (id, conversation_id, author_id, author_name, body, client_id) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (author_id, client_id) WHERE client_id IS NOT NULL DO NOTHING RETURNING *`,
      [uuidv7(), conversation.id, author.id, author.fullName, body, clientId ?? null] as never,
    );
    const [message] = rows;
    if (!message) {
      const known = await Message.query(trx).findOne({ author_id: author.id, client_id: clientId ?? null });
      if (known?.conversation_id !== conversation.id)
        throw fieldError('client_id', 'taken', { value: clientId });
      return (await withFiles(trx, [known]))[0] ?? rowOf(known);
    }
    const attached = await attachFiles(trx, message, fileIds);
    await Conversation.query(trx)
      .patch({ last_message_at: message.created_at })
      .where({ id: conversation.id });
    await markRead(trx, conversation.id, author);
    await auditTenant(trx, origin, {
      // That somebody wrote, not what.
      action: 'message.send',
      target: { type: 'conversation', id: conversation.id },
      ...(attached.length > 0 ? { after: { files: attached.length } } : {}),
    });
    await announce(realtime, trx, conversation.id, conversation.group_id);
    const others = (await audienceOf(trx, conversation.id, conversation.group_id)).filter(
      (id) => id !== author.id,
    );
    await notifications.notify(scope, {
      kind: messageReceived,
      userIds: others,
      data: { id: conversation.id, from: author.fullName },
      subject: conversation.id,
    });
    return rowOf(message, attached);
  }

  /** Whom a new conversation is with. Throws `may_not_write`, `invalid_input`. */
  async function recipients(
    trx: TenantTrx,
    author: Talker,
    { user_ids: ids, group_id: groupId }: ConversationCreate,
  ) {
    if ((ids === undefined) === (groupId === undefined)) throw fieldError('user_ids', 'required');
    if (groupId !== undefined) {
      if (!mayWriteToGroups(author.role)) throw new AppError('may_not_write');
      if (!(await namesOfGroups(trx, [groupId])).has(groupId))
        throw fieldError('group_id', 'unknown_reference', { value: groupId });
      return [];
    }
    const wanted = (ids ?? []).filter((id) => id !== author.id);
    if (wanted.length === 0) throw fieldError('user_ids', 'empty');
    const known = await activeMembers(trx, wanted);
    const may = reachable(await settingsOf(trx), author.role);
    return wanted.map((id) => {
      const member = known.get(id);
      if (!member) throw fieldError('user_ids', 'not_member', { value: id });
      if (!may.has(member.role)) throw new AppError('may_not_write');
      return member;
    });
  }

  return {
    list: (tenant: TenantRef, actor: Actor, query: { page?: number; page_size?: number }) =>
      tenancy.read(tenant, ({ trx }) => listConversationRows(trx, talker(actor).id, query)),
    get: (tenant: TenantRef, actor: Actor, id: string) =>
      tenancy.read(tenant, ({ trx }) => getConversationRow(trx, id, talker(actor).id)),
    unread: (tenant: TenantRef, actor: Actor) =>
      tenancy.read(tenant, ({ trx }) => countUnread(trx, talker(actor).id)),

    messages: (tenant: TenantRef, actor: Actor, id: string, query: { before?: string; page_size?: number }) =>
      tenancy.read(tenant, async ({ trx }) => {
        await getConversationRow(trx, id, talker(actor).id);
        return listMessageRows(trx, id, query);
      }),

    recipients: (tenant: TenantRef, actor: Actor, search = '') =>
      tenancy.read(tenant, async ({ trx }) => {
        const { id: self, role } = talker(actor);
        const may = reachable(await settingsOf(trx), role);
        const fold = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
        const term = fold(search.trim());
        const people = [...(await activeMembers(trx, null)).values()]
          .filter((one) => one.id !== self && may.has(one.role) && fold(one.full_name).includes(term))
          .toSorted((one, other) => one.full_name.localeCompare(other.full_name, 'fr'))
          .slice(0, MOST_RECIPIENTS);
        return {
          people,
          groups: mayWriteToGroups(role) ? await listGroupChoices(trx, search, MOST_RECIPIENTS) : [],
        };
      }),

    create: (tenant: TenantRef, origin: Origin, input: ConversationCreate): Promise<ConversationRow> =>
      tenancy.write(tenant, async (scope) => {
        const { trx } = scope;
        const author = talker(origin.actor);
        const others = await recipients(trx, author, input);
        const [only] = others;
        const pair =
          others.length === 1 && only && input.subject === undefined
            ? [author.id, only.id].toSorted().join(' ')
            : null;
        const id = uuidv7();
        const { rows } = await trx.raw<{ rows: { id: string; group_id: string | null }[] }>(
          `INSERT INTO conversations AS c (id, subject, group_id, replies, pair, created_by) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (pair) WHERE pair IS NOT NULL DO UPDATE SET last_message_at = c.last_message_at
           RETURNING id, group_id`,
          [
            id,
            input.subject?.trim() ?? null,
            input.group_id ?? null,
            input.replies ?? true,
            pair,
            author.id,
          ] as never,
        );
        const conversation = rows[0] ?? { id, group_id: null };
        for (const { id: userId, full_name: name, role } of [
          { ...author, full_name: author.fullName },
          ...others,
        ])
          await trx.raw(
            // Who left the school and is back comes in again by being written to.
            `INSERT INTO conversation_people AS p (conversation_id, user_id, full_name, role) VALUES (?, ?, ?, ?)
             ON CONFLICT (conversation_id, user_id) DO UPDATE SET added_at = clock_timestamp(), invited = true, role = excluded.role`,
            [conversation.id, userId, name, role],
          );
        await say(scope, origin, conversation, input);
        return getConversationRow(trx, conversation.id, author.id);
      }),

    /** Throws `not_found`, `may_not_write`. */
    send: (tenant: TenantRef, origin: Origin, id: string, input: MessageCreate): Promise<MessageRow> =>
      tenancy.write(tenant, async (scope) => {
        const author = talker(origin.actor);
        const row = await getConversationRow(scope.trx, id, author.id);
        if (!mayReply(row, author.id)) throw new AppError('may_not_write');
        return say(scope, origin, row, input);
      }),

    /** What somebody has read is nobody's business: no audit row. */
    read: (tenant: TenantRef, origin: Origin, id: string): Promise<void> =>
      tenancy.write(tenant, async ({ trx }) => {
        const reader = talker(origin.actor);
        await getConversationRow(trx, id, reader.id);
        await markRead(trx, id, reader);
        await realtime.tell(trx, { to: 'user', id: reader.id }, 'messages.changed', { conversation_id: id });
      }),

    takeBack: (tenant: TenantRef, origin: Origin, id: string, messageId: string): Promise<void> =>
      tenancy.write(tenant, async ({ trx, afterCommit }) => {
        const author = talker(origin.actor);
        const row = await getConversationRow(trx, id, author.id);
        const message = await Message.query(trx).findOne({ id: messageId, conversation_id: id }).forUpdate();
        if (message?.author_id !== author.id) throw new AppError('not_found');
        // Whoever deals with a report has to see what was reported; taking it back is no way around that.
        if (await isReported(trx, messageId))
          await Message.query(trx).patch({ taken_back_at: new Date() }).where({ id: messageId });
        else {
          await Message.query(trx).patch({ body: null }).where({ id: messageId });
          if ((await dropFilesOf(trx, [messageId])) > 0) afterCommit(() => files.sweep(tenant));
        }
        await auditTenant(trx, origin, {
          action: 'message.take_back',
          target: { type: 'message', id: messageId },
        });
        await announce(realtime, trx, id, row.group_id);
      }),

    settings: (tenant: TenantRef): Promise<MessagingSettings> =>
      tenancy.read(tenant, ({ trx }) => settingsOf(trx)),
    saveSettings: (
      tenant: TenantRef,
      origin: Origin,
      settings: MessagingSettings,
    ): Promise<MessagingSettings> =>
      tenancy.write(tenant, async ({ trx }) => {
        const before = await settingsOf(trx);
        await saveSettings(trx, settings);
        await auditTenant(trx, origin, {
          action: 'messaging.settings',
          target: { type: 'messaging_settings', id: null },
          before,
          after: settings,
        });
        return settings;
      }),

    /** Deletes what is older than the school keeps it, and files that were never sent. @returns how many messages. */
    forget: (tenant: TenantRef, origin: Origin = SYSTEM, now = new Date()): Promise<number> =>
      tenancy.write(tenant, async ({ trx, afterCommit }) => {
        const { retention_days: days } = await settingsOf(trx);
        const before = new Date(now.getTime() - days * 86_400_000);
        const old = await Message.query(trx).where('created_at', '<', before).select('id').forUpdate();
        const ids = old.map(({ id }) => id);
        const dropped =
          (await dropFilesOf(trx, ids)) + (await dropForgotten(trx, new Date(now.getTime() - WAITING)));
        if (ids.length > 0) await Message.query(trx).delete().whereIn('id', ids);
        await trx.raw(
          `DELETE FROM conversations c WHERE c.last_message_at < ? AND NOT EXISTS (SELECT FROM messages m WHERE m.conversation_id = c.id)`,
          [before],
        );
        if (ids.length + dropped > 0)
          await auditTenant(trx, origin, {
            action: 'messaging.forget',
            target: { type: 'messaging_settings', id: null },
            after: { messages: ids.length, files: dropped },
          });
        if (dropped > 0) afterCommit(() => files.sweep(tenant));
        return ids.length;
      }),
  };
}
