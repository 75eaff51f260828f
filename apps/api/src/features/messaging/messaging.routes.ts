import * as contracts from '@preau/contracts/messaging';
import { pageLinks } from '../../platform/pagination.ts';
import type { Services } from '../../services.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import { sendContent } from '../media/index.ts';
import { presentConversation, presentFile, presentMessage } from './messaging.presenter.ts';

/** Somebody who leaves a conversation keeps what they have seen for so long, and no longer. */
const CACHED = 'private, max-age=300';
const acceptOf = ({ headers }: { headers: Readonly<Record<string, unknown>> }) =>
  headers['accept'] as string | undefined;

export const messagingRoutes = ({ messaging, messageFiles, storage }: Services): BoundRoute[] => [
  bind(contracts.listConversations, async (call) => {
    const { count, rows } = await messaging.list(schoolOf(call), call.actor, call.query);
    return {
      count,
      ...pageLinks(call.reply, call.query, count),
      results: rows.map((row) => presentConversation(row, call.actor)),
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
    return presentConversation(row, call.actor);
  }),
  bind(contracts.uploadMessageFiles, async (call) => {
    const files = await messageFiles.receive(schoolOf(call), call.origin, call.files());
    return { results: files.map(presentFile) };
  }),
  bind(contracts.copyMediaToMessage, async (call) =>
    presentFile(await messageFiles.fromLibrary(schoolOf(call), call.origin, call.body.media_id)),
  ),
  bind(contracts.dropMessageFile, async (call) => {
    await messageFiles.drop(schoolOf(call), call.origin, call.params.id);
    return undefined;
  }),
  bind(contracts.getConversation, async (call) =>
    presentConversation(await messaging.get(schoolOf(call), call.actor, call.params.id), call.actor),
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
  bind(contracts.getMessageFile, async (call) => {
    const { variant, download = false } = call.query;
    const content = await messageFiles.content(schoolOf(call), call.actor, call.params, {
      variant,
      accept: acceptOf(call),
    });
    return sendContent(storage, call, content, { download, cacheControl: CACHED });
  }),
  bind(contracts.getMessagingSettings, (call) => messaging.settings(schoolOf(call))),
  bind(contracts.putMessagingSettings, (call) =>
    messaging.saveSettings(schoolOf(call), call.origin, call.body),
  ),
];
