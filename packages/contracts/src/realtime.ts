import { Type, type Static, type TSchema } from 'typebox';
import { DateTime, Nullable, Uuid } from './fields.ts';
import type { ModuleKey } from './modules.ts';
import type { Permission } from './permissions.ts';
import { CLOSE_CODES } from './realtime-vocabulary.ts';

/** Bytes of one message as JSON, either way: it says what changed, and who needs more asks over REST. */
export const MOST_MESSAGE_BYTES = 4_096;

/** What a client sends: an operation for its organisation. */
export const Envelope = Type.Object(
  {
    op: Type.String({ minLength: 1, maxLength: 60 }),
    for_org: Uuid,
    data: Type.Object({}, { additionalProperties: true }),
  },
  { additionalProperties: false },
);
export type Envelope = Static<typeof Envelope>;

/** What the server sends. */
export interface Delivered<Data = Record<string, unknown>> {
  /** The same message may come twice after a cut: once by this id. */
  id: string;
  /** ISO 8601, by the clock of the database; the last one seen is told when coming back. */
  at: string;
  op: string;
  /** The organisation; null for a message to a group across schools. */
  for_org: string | null;
  data: Data;
}

/** First of all on a socket that was accepted. */
export const Welcome = Type.Object({
  at: DateTime,
  for_org: Uuid,
  socket_id: Type.String(),
  /** Whether messages were missed that are no longer kept: everything shown may be old. */
  gap: Type.Boolean(),
});
export type Welcome = Static<typeof Welcome>;

/** Last of all, before the server closes the socket. */
export const Closing = Type.Object({
  code: Type.Enum([...CLOSE_CODES]),
  reason: Nullable(Type.String({ description: 'What a school that is closed says of it' })),
  since: Nullable(DateTime),
});
export type Closing = Static<typeof Closing>;

export interface OperationContract {
  /** `noun.verb` */
  op: string;
  summary: string;
  /** `anyone`: also after the session's end, for a consumer that stays. */
  permission: Permission | 'anyone';
  /** The module that must be on in the school. */
  module?: ModuleKey;
  data: TSchema;
  /** What the acknowledgement holds. */
  answer?: TSchema;
}

/** Declares what a client may ask for on a socket, once for server, reference and browser. */
export function defineOperation<const O extends OperationContract>(contract: O): O {
  return contract;
}

export type DataOf<O extends OperationContract> = Static<O['data']>;
export type OperationAnswer<O extends OperationContract> = O extends { answer: infer S extends TSchema }
  ? Static<S>
  : undefined;

export interface EventContract {
  summary: string;
  module?: ModuleKey;
  data: TSchema;
}

const closed = { additionalProperties: false } as const;
const nothing = Type.Object({}, closed);
const one = Type.Object({ id: Uuid }, closed);

/** Everything the server says of its own accord, by operation. */
export const EVENTS = {
  'theme.changed': {
    summary: 'The school looks otherwise: its theme is to be asked for again',
    data: Type.Object({ version: Type.String() }, closed),
  },
  'modules.changed': {
    summary: 'Modules were switched on or off',
    data: Type.Object({ modules_enabled: Type.Record(Type.String(), Type.Boolean()) }, closed),
  },
  'groups.changed': { summary: 'The reader entered or left groups', data: nothing },
  'presence.changed': {
    summary: 'Somebody whom one watches came or went',
    data: Type.Object({ user_id: Uuid, online: Type.Boolean() }, closed),
  },
  'notifications.changed': { summary: 'There is news under the bell', data: nothing },
  'announcements.changed': {
    summary: 'An announcement came, changed or went',
    module: 'announcements',
    data: one,
  },
  'messages.changed': {
    summary: 'Something was said, read or taken back in a conversation of the reader’s',
    module: 'messaging',
    data: Type.Object({ conversation_id: Uuid }, closed),
  },
  'events.changed': { summary: 'The agenda changed', module: 'agenda', data: one },
} as const satisfies Record<string, EventContract>;

export type EventName = keyof typeof EVENTS;
export type EventData<Name extends EventName> = Static<(typeof EVENTS)[Name]['data']>;

export const watchPresence = defineOperation({
  op: 'presence.watch',
  summary: 'Who of these members is connected, now and from now on; replaces whom one watched before',
  permission: 'presence:read',
  data: Type.Object({ user_ids: Type.Array(Uuid, { maxItems: 100, uniqueItems: true }) }, closed),
  answer: Type.Object({ online: Type.Array(Uuid) }, closed),
});
