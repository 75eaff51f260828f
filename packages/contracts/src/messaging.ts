import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Id, Nullable, Page, PageQuery, Uuid } from './fields.ts';
import { defineOperation } from './realtime.ts';
import { SCHOOL_ROLES } from './vocabulary.ts';

const closed = { additionalProperties: false } as const;
const Role = Type.Enum([...SCHOOL_ROLES]);
/** People of one conversation that is not a group’s. */
export const MOST_PEOPLE = 50;
const body = Type.String({ minLength: 1, maxLength: 5_000, format: 'not-blank' });
const ClientId = Type.Optional(
  Type.String({ format: 'uuid', description: 'Of the sender’s making: sent twice, it is one message' }),
);

export const Person = Type.Object({ id: Uuid, full_name: Type.String(), role: Role });
export type Person = Static<typeof Person>;

export const Message = Type.Object({
  id: Uuid,
  conversation_id: Uuid,
  author: Type.Object({ id: Uuid, name: Type.String() }),
  body: Nullable(Type.String({ description: 'Plain text; null once it was taken back or removed' })),
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
    Type.Object({ author_name: Type.String(), body: Nullable(Type.String()), created_at: DateTime }),
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
    client_id: ClientId,
  },
  closed,
);
export type ConversationCreate = Static<typeof ConversationCreate>;

export const MessageCreate = Type.Object({ body, client_id: ClientId }, closed);
export type MessageCreate = Static<typeof MessageCreate>;

export const MessageReport = Type.Object({
  id: Uuid,
  conversation_id: Uuid,
  message: Message,
  reporter: Type.Object({ id: Uuid, name: Type.String() }),
  reason: Type.String(),
  created_at: DateTime,
});
export type MessageReport = Static<typeof MessageReport>;

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
export const resolveMessageReport = defineRoute({
  ...tenant,
  name: 'resolveMessageReport',
  method: 'POST',
  path: '/message-reports/:id/resolve/',
  permission: 'messaging:moderate',
  summary: 'Deal with a report: remove the message, or leave it',
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
      body: Type.String({ minLength: 1, maxLength: 5_000, format: 'not-blank' }),
      client_id: ClientId,
    },
    closed,
  ),
  answer: Message,
});
