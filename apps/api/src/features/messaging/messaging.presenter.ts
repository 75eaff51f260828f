import type * as contracts from '@preau/contracts/messaging';
import type { Actor } from '../audit/index.ts';
import type { KeptFile } from '../media/index.ts';
import type { ReportRow } from './message-reports.read-model.ts';
import type { ConversationRow, MessageRow } from './messaging.read-model.ts';
import { mayReply } from './messaging.service.ts';

const iso = (at: Date | string): string => new Date(at).toISOString();

export const presentFile = ({ id, name, media_type, kind, bytes }: KeptFile): contracts.WaitingFile => ({
  id,
  name,
  media_type,
  kind,
  bytes,
});

/** `files`: where this reader gets them. */
export function presentMessage(
  message: MessageRow,
  { id: reader }: Actor,
  files = `/api/v1/conversations/${message.conversation_id}/messages/${message.id}/files/`,
): contracts.Message {
  return {
    id: message.id,
    conversation_id: message.conversation_id,
    author: { id: message.author_id, name: message.author_name },
    body: message.body,
    files: message.files.map((file) => ({ ...presentFile(file), url: `${files}${file.id}/` })),
    mine: message.author_id === reader,
    created_at: iso(message.created_at),
  };
}

export const presentConversation = (row: ConversationRow, { id: reader }: Actor): contracts.Conversation => ({
  id: row.id,
  subject: row.subject,
  group: row.group_id && row.group_name !== null ? { id: row.group_id, name: row.group_name } : null,
  people: row.people,
  unread: row.unread,
  may_reply: mayReply(row, String(reader)),
  last_message: row.last_at
    ? {
        author_name: String(row.last_author),
        body: row.last_body,
        files: row.last_files,
        created_at: iso(row.last_at),
      }
    : null,
  last_message_at: iso(row.last_message_at),
});

export const presentReport = (row: ReportRow, actor: Actor): contracts.MessageReport => ({
  id: row.id,
  conversation_id: row.message.conversation_id,
  message: presentMessage(row.message, actor, `/api/v1/message-reports/${row.id}/files/`),
  reporter: { id: row.reporter_id, name: row.reporter_name },
  reason: row.reason,
  taken_back: row.taken_back,
  created_at: iso(row.created_at),
});

/** Of what was said around a message that was reported, that there were files: nobody reported those. */
export const presentAround = (message: MessageRow, actor: Actor): contracts.SpokenAround => ({
  ...presentMessage(message, actor),
  files: message.files.map(presentFile),
});
