import * as contracts from '@preau/contracts/messaging';
import { pageLinks } from '../../platform/pagination.ts';
import type { Services } from '../../services.ts';
import type { Actor } from '../audit/index.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import type { ConversationRow } from './messaging.read-model.ts';
import type { Message } from './messaging.model.ts';
import { mayReply } from './messaging.service.ts';

const iso = (at: Date | string): string => new Date(at).toISOString();

export const presentMessage = (
  message: Omit<Message, 'created_at'> & { created_at: Date | string },
  { id: reader }: Actor,
): contracts.Message => ({
  id: message.id,
  conversation_id: message.conversation_id,
  author: { id: message.author_id, name: message.author_name },
  body: message.body,
  mine: message.author_id === reader,
  created_at: iso(message.created_at),
});

const present = (row: ConversationRow, { id: reader }: Actor): contracts.Conversation => ({
  id: row.id,
  subject: row.subject,
  group: row.group_id && row.group_name !== null ? { id: row.group_id, name: row.group_name } : null,
  people: row.people,
  unread: row.unread,
  may_reply: mayReply(row, String(reader)),
  last_message: row.last_at
    ? { author_name: String(row.last_author), body: row.last_body, created_at: iso(row.last_at) }
    : null,
  last_message_at: iso(row.last_message_at),
});

export const messagingRoutes = ({ messaging }: Services): BoundRoute[] => [
  bind(contracts.listConversations, async (call) => {
    const { count, rows } = await messaging.list(schoolOf(call), call.actor, call.query);
    return {
      count,
      ...pageLinks(call.reply, call.query, count),
      results: rows.map((row) => present(row, call.actor)),
    };
  }),
  bind(contracts.countUnreadMessages, async (call) => ({
    unread: await messaging.unread(schoolOf(call), call.actor),
  })),
  bind(contracts.listRecipients, (call) =>
    messaging.recipients(schoolOf(call), call.actor, call.query.search),
  ),
  bind(contracts.createConversation, async (call) => {
    const row = await messaging.create(schoolOf(call), call.origin, call.body);
    call.reply.header('location', `/api/v1/conversations/${row.id}/`);
    return present(row, call.actor);
  }),
  bind(contracts.getConversation, async (call) =>
    present(await messaging.get(schoolOf(call), call.actor, call.params.id), call.actor),
  ),
  bind(contracts.listMessages, async (call) => {
    const { rows, more } = await messaging.messages(schoolOf(call), call.actor, call.params.id, call.query);
    return { results: rows.map((row) => presentMessage(row, call.actor)), more };
  }),
  bind(contracts.sendMessage, async (call) =>
    presentMessage(await messaging.send(schoolOf(call), call.origin, call.params.id, call.body), call.actor),
  ),
  bind(contracts.readConversation, async (call) => {
    await messaging.read(schoolOf(call), call.origin, call.params.id);
    return undefined;
  }),
  bind(contracts.removeMessage, async (call) => {
    await messaging.takeBack(schoolOf(call), call.origin, call.params.id, call.params.message);
    return undefined;
  }),
  bind(contracts.reportMessage, async (call) => {
    const { id, message: messageId } = call.params;
    await messaging.report(schoolOf(call), call.origin, id, messageId, call.body.reason);
    return undefined;
  }),
  bind(contracts.listMessageReports, async (call) => {
    const { count, rows } = await messaging.reports(schoolOf(call), call.origin, call.query);
    return {
      count,
      ...pageLinks(call.reply, call.query, count),
      results: rows.map((row) => ({
        id: row.id,
        conversation_id: row.message.conversation_id,
        message: presentMessage(row.message, call.actor),
        reporter: { id: row.reporter_id, name: row.reporter_name },
        reason: row.reason,
        created_at: iso(row.created_at),
      })),
    };
  }),
  bind(contracts.resolveMessageReport, async (call) => {
    await messaging.resolve(schoolOf(call), call.origin, call.params.id, call.body.remove);
    return undefined;
  }),
  bind(contracts.getMessagingSettings, (call) => messaging.settings(schoolOf(call))),
  bind(contracts.putMessagingSettings, (call) =>
    messaging.saveSettings(schoolOf(call), call.origin, call.body),
  ),
];
