import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Id, Nullable, Page, PageQuery, Uuid } from './fields.ts';
import { defineOperation } from './realtime.ts';
import { SCHOOL_ROLES } from './vocabulary.ts';

const closed = { additionalProperties: false } as const;
const Role = Type.Enum([...SCHOOL_ROLES]);
/** People of one conversation that is not a group’s. */
export const MOST_PEOPLE = 50;
/** Files of one message. */
export const MOST_MESSAGE_FILES = 10;
/** Bytes of one of them. */
export const MOST_MESSAGE_FILE_BYTES = 25_000_000;
/** Files that one person has prepared and not sent. */
export const MOST_WAITING_FILES = 20;
const body = Type.String({ maxLength: 5_000, description: 'Plain text; may be empty where there are files' });
const Files = Type.Optional(
  Type.Array(Uuid, {
    maxItems: MOST_MESSAGE_FILES,
    uniqueItems: true,
    description: 'Files that the sender has prepared: uploaded, or copied from the library',
  }),
);
const ClientId = Type.Optional(
  Type.String({ format: 'uuid', description: 'Of the sender’s making: sent twice, it is one message' }),
);

export const Person = Type.Object({ id: Uuid, full_name: Type.String(), role: Role });
export type Person = Static<typeof Person>;

const file = {
  id: Uuid,
  name: Type.String(),
  media_type: Type.String({ description: 'As the bytes say, whatever the sender said' }),
  kind: Type.Enum(['image', 'audio', 'video', 'document']),
  bytes: Type.Integer(),
};
export const WaitingFile = Type.Object(file, { description: 'A file that is about to be sent' });
export type WaitingFile = Static<typeof WaitingFile>;
export const MessageFile = Type.Object({
  ...file,
  url: Type.String({ description: 'Of its content, for those who may read the message' }),
});
export type MessageFile = Static<typeof MessageFile>;

export const Message = Type.Object({
  id: Uuid,
  conversation_id: Uuid,
  author: Type.Object({ id: Uuid, name: Type.String() }),
  body: Nullable(Type.String({ description: 'Plain text; null once it was taken back or removed' })),
  files: Type.Array(MessageFile, { description: 'None once the message was taken back or removed' }),
  mine: Type.Boolean(),
  created_at: DateTime,
});
export type Message = Static<typeof Message>;

export const Conversation = Type.Object({
  id: Uuid,
  subject: Nullable(Type.String()),
  group: Nullable(Type.Object({ id: Uuid, name: Type.String() })),
  people: Type.Array(Person, { description: 'Those who are in it, besides the group' }),
  unread: Type.Integer(),
  may_reply: Type.Boolean(),
  last_message: Nullable(
    Type.Object({
      author_name: Type.String(),
      body: Nullable(Type.String()),
      files: Type.Integer({ description: 'How many' }),
      created_at: DateTime,
    }),
  ),
  last_message_at: DateTime,
});
export type Conversation = Static<typeof Conversation>;

export const ConversationCreate = Type.Object(
  {
    user_ids: Type.Optional(Type.Array(Uuid, { minItems: 1, maxItems: MOST_PEOPLE, uniqueItems: true })),
    group_id: Type.Optional(Uuid),
    subject: Type.Optional(Type.String({ minLength: 1, maxLength: 200, format: 'not-blank' })),
    replies: Type.Optional(
      Type.Boolean({ default: true, description: 'Whether the members of the group may answer' }),
    ),
    body,
    files: Files,
    client_id: ClientId,
  },
  closed,
);
export type ConversationCreate = Static<typeof ConversationCreate>;

export const MessageCreate = Type.Object({ body, files: Files, client_id: ClientId }, closed);
export type MessageCreate = Static<typeof MessageCreate>;

export const MessageReport = Type.Object({
  id: Uuid,
  conversation_id: Uuid,
  message: Message,
  reporter: Type.Object({ id: Uuid, name: Type.String() }),
  reason: Type.String(),
  taken_back: Type.Boolean({
    description: 'Its author took it back since; it is kept for this report alone',
  }),
  created_at: DateTime,
});
export type MessageReport = Static<typeof MessageReport>;

export const SpokenAround = Type.Object({
  ...Message.properties,
  files: Type.Array(WaitingFile, { description: 'Named, not to be read' }),
});
export type SpokenAround = Static<typeof SpokenAround>;

export const MessageReportDetail = Type.Object({
  ...MessageReport.properties,
  around: Type.Array(SpokenAround, {
    description: 'The message among those said shortly before and after it, oldest first',
  }),
});
export type MessageReportDetail = Static<typeof MessageReportDetail>;

export const MessagingSettings = Type.Object(
  {
    pairs: Type.Array(Type.Object({ from: Role, to: Role }, closed), {
      maxItems: 25,
      description: 'Who may begin a conversation with whom; an answer is always allowed',
    }),
    retention_days: Type.Integer({ minimum: 30, maximum: 3_650, description: 'Older messages are deleted' }),
  },
  closed,
);
export type MessagingSettings = Static<typeof MessagingSettings>;

const tenant = { zone: 'tenant', tag: 'messages', module: 'messaging', permission: 'messaging:use' } as const;
const content = {
  status: 200,
  schema: Type.Unsafe<unknown>({ type: 'string', description: 'Its bytes' }),
  file: '*/*',
} as const;
const ContentQuery = Type.Object(
  {
    variant: Type.Optional(
      Type.Literal('med', {
        description: 'A smaller picture of an image; the file itself where there is none yet',
      }),
    ),
    download: Type.Optional(Type.Boolean({ default: false, description: 'To be saved, not shown' })),
  },
  closed,
);
const InConversation = Type.Object({ id: Uuid, message: Uuid }, closed);

export const listConversations = defineRoute({
  ...tenant,
  name: 'listConversations',
  method: 'GET',
  path: '/conversations/',
  summary: 'One’s conversations, the last spoken in first',
  query: Type.Object(PageQuery, closed),
  success: { status: 200, schema: Page(Conversation) },
});
export const countUnreadMessages = defineRoute({
  ...tenant,
  name: 'countUnreadMessages',
  method: 'GET',
  path: '/conversations/unread/',
  inBackground: true,
  summary: 'Conversations with something unread',
  success: { status: 200, schema: Type.Object({ unread: Type.Integer() }) },
});
export const listRecipients = defineRoute({
  ...tenant,
  name: 'listRecipients',
  method: 'GET',
  path: '/conversations/recipients/',
  summary: 'Whom one may write to: members by name, and groups where one may write to groups',
  query: Type.Object({ search: Type.Optional(Type.String({ maxLength: 200 })) }, closed),
  success: {
    status: 200,
    schema: Type.Object({
      people: Type.Array(Person),
      groups: Type.Array(Type.Object({ id: Uuid, name: Type.String() })),
    }),
  },
});
export const createConversation = defineRoute({
  ...tenant,
  name: 'createConversation',
  method: 'POST',
  path: '/conversations/',
  summary: 'Write to members or to a group; with one other person, in the conversation there is',
  body: ConversationCreate,
  success: { status: 201, schema: Conversation },
  errors: ['may_not_write'],
});
export const uploadMessageFiles = defineRoute({
  ...tenant,
  name: 'uploadMessageFiles',
  method: 'POST',
  path: '/conversations/files/',
  summary:
    'Upload files to send: all of them or, if one is refused, none; what is not sent within a day is deleted',
  // What is too large is refused as it comes: a bound here would cut it without a word.
  upload: { types: [], maxBytes: 1024 ** 4, files: MOST_MESSAGE_FILES },
  success: { status: 201, schema: Type.Object({ results: Type.Array(WaitingFile) }) },
  errors: [
    'too_many_waiting_files',
    'quota_exceeded',
    'file_too_large',
    'file_type_refused',
    'image_refused',
    'upload_cut',
    'file_expected',
  ],
});
export const copyMediaToMessage = defineRoute({
  ...tenant,
  name: 'copyMediaToMessage',
  method: 'POST',
  path: '/conversations/files/copy/',
  summary: 'Prepare a copy of a file of the library to send, for who may look into the library',
  body: Type.Object({ media_id: Uuid }, closed),
  success: { status: 201, schema: WaitingFile },
  errors: ['too_many_waiting_files', 'quota_exceeded', 'file_too_large', 'module_disabled'],
});
export const dropMessageFile = defineRoute({
  ...tenant,
  name: 'dropMessageFile',
  method: 'DELETE',
  path: '/conversations/files/:id/',
  summary: 'Delete a file that one has prepared and not sent',
  params: Id,
  success: { status: 204 },
});
export const getConversation = defineRoute({
  ...tenant,
  name: 'getConversation',
  method: 'GET',
  path: '/conversations/:id/',
  summary: 'One conversation',
  params: Id,
  success: { status: 200, schema: Conversation },
});
export const listMessages = defineRoute({
  ...tenant,
  name: 'listMessages',
  method: 'GET',
  path: '/conversations/:id/messages/',
  summary: 'Messages of a conversation, newest first',
  params: Id,
  query: Type.Object(
    {
      before: Type.Optional(Uuid),
      page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
    },
    closed,
  ),
  success: {
    status: 200,
    schema: Type.Object({ results: Type.Array(Message), more: Type.Boolean() }),
  },
});
export const sendMessage = defineRoute({
  ...tenant,
  name: 'sendMessage',
  method: 'POST',
  path: '/conversations/:id/messages/',
  summary: 'Say something in a conversation',
  params: Id,
  body: MessageCreate,
  success: { status: 201, schema: Message },
  errors: ['may_not_write'],
});
export const readConversation = defineRoute({
  ...tenant,
  name: 'readConversation',
  method: 'POST',
  path: '/conversations/:id/read/',
  summary: 'All that was said so far is read',
  params: Id,
  success: { status: 204 },
});
export const removeMessage = defineRoute({
  ...tenant,
  name: 'removeMessage',
  method: 'DELETE',
  path: '/conversations/:id/messages/:message/',
  summary: 'Take back what one said',
  params: InConversation,
  success: { status: 204 },
});
export const getMessageFile = defineRoute({
  ...tenant,
  name: 'getMessageFile',
  method: 'GET',
  path: '/conversations/:id/messages/:message/files/:file/',
  summary: 'A file of a message, for those of the conversation; in parts where asked',
  params: Type.Object({ id: Uuid, message: Uuid, file: Uuid }, closed),
  query: ContentQuery,
  success: content,
  errors: ['range_not_satisfiable'],
});
export const reportMessage = defineRoute({
  ...tenant,
  name: 'reportMessage',
  method: 'POST',
  path: '/conversations/:id/messages/:message/report/',
  summary: 'Show a message to the school’s administrators',
  params: InConversation,
  body: Type.Object({ reason: Type.String({ minLength: 1, maxLength: 1_000, format: 'not-blank' }) }, closed),
  success: { status: 204 },
});
export const listMessageReports = defineRoute({
  ...tenant,
  name: 'listMessageReports',
  method: 'GET',
  path: '/message-reports/',
  permission: 'messaging:moderate',
  summary: 'Messages that were reported and not yet dealt with, oldest first',
  query: Type.Object(PageQuery, closed),
  success: { status: 200, schema: Page(MessageReport) },
});
export const getMessageReport = defineRoute({
  ...tenant,
  name: 'getMessageReport',
  method: 'GET',
  path: '/message-reports/:id/',
  permission: 'messaging:moderate',
  summary: 'A report that waits, with what was said shortly before and after the message',
  params: Id,
  success: { status: 200, schema: MessageReportDetail },
});
export const getReportedFile = defineRoute({
  ...tenant,
  name: 'getReportedFile',
  method: 'GET',
  path: '/message-reports/:id/files/:file/',
  permission: 'messaging:moderate',
  summary: 'A file of a message that was reported and waits',
  params: Type.Object({ id: Uuid, file: Uuid }, closed),
  query: ContentQuery,
  success: content,
  errors: ['range_not_satisfiable'],
});
export const resolveMessageReport = defineRoute({
  ...tenant,
  name: 'resolveMessageReport',
  method: 'POST',
  path: '/message-reports/:id/resolve/',
  permission: 'messaging:moderate',
  summary: 'Deal with a report: remove the message with its files, or leave it; who reported it is told',
  params: Id,
  body: Type.Object({ remove: Type.Boolean() }, closed),
  success: { status: 204 },
});
export const getMessagingSettings = defineRoute({
  ...tenant,
  name: 'getMessagingSettings',
  method: 'GET',
  path: '/messaging-settings/',
  permission: 'messaging:moderate',
  summary: 'Who may write to whom, and how long messages are kept',
  success: { status: 200, schema: MessagingSettings },
});
export const putMessagingSettings = defineRoute({
  ...tenant,
  name: 'putMessagingSettings',
  method: 'PUT',
  path: '/messaging-settings/',
  permission: 'messaging:moderate',
  summary: 'Say who may write to whom, and how long messages are kept',
  body: MessagingSettings,
  success: { status: 200, schema: MessagingSettings },
});

export const sendOnSocket = defineOperation({
  op: 'messages.send',
  summary: 'Say something in a conversation; acknowledged once it is kept',
  permission: 'messaging:use',
  module: 'messaging',
  data: Type.Object(
    {
      conversation_id: Uuid,
      body,
      files: Files,
      client_id: ClientId,
    },
    closed,
  ),
  answer: Message,
});
