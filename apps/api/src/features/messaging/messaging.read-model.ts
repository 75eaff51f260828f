import type { SchoolRole } from '@preau/contracts/vocabulary';
import { together, type TenantTrx } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { groupIdsOf } from '../groups/index.ts';
import type { KeptFile } from '../media/index.ts';
import { filesOfMessages } from './message-files.repository.ts';
import type { Message } from './messaging.model.ts';

export interface ConversationRow {
  id: string;
  subject: string | null;
  group_id: string | null;
  group_name: string | null;
  replies: boolean;
  created_by: string;
  last_message_at: Date;
  unread: number;
  people: { id: string; full_name: string; role: SchoolRole }[];
  last_author: string | null;
  last_body: string | null;
  last_files: number;
  last_at: Date | null;
}

/** A message with its files. */
export type MessageRow = Pick<
  Message,
  'id' | 'conversation_id' | 'author_id' | 'author_name' | 'body' | 'client_id'
> & {
  created_at: Date | string;
  files: KeptFile[];
};

type Rows<Row> = PromiseLike<{ rows: Row[] }>;

/**
 * Conversations that somebody is in: by name, as long as they have been a member of the school without a break, or as a member of
 * its group, from when they entered it.
 */
const MINE = `(
    EXISTS (SELECT FROM conversation_people p JOIN tenant_api.active_members(ARRAY[:userId::uuid]) m ON m.id = p.user_id
      WHERE p.conversation_id = c.id AND p.user_id = :userId AND p.invited AND p.added_at >= m.since)
    OR c.group_id = ANY (:groups::uuid[]))`;
const READ = `(SELECT p.read_at FROM conversation_people p WHERE p.conversation_id = c.id AND p.user_id = :userId)`;
const UNREAD = `(SELECT count(*)::int FROM messages m WHERE m.conversation_id = c.id AND m.author_id <> :userId
    AND m.body IS NOT NULL AND m.taken_back_at IS NULL AND m.created_at > coalesce(${READ}, '-infinity'))`;
const COLUMNS = `c.id, c.subject, c.group_id, g.name AS group_name, c.replies, c.created_by, c.last_message_at,
  ${UNREAD} AS unread, last.author_name AS last_author, last.body AS last_body, last.created_at AS last_at,
  (SELECT count(*)::int FROM message_files f WHERE f.message_id = last.id AND last.body IS NOT NULL) AS last_files,
  coalesce((SELECT jsonb_agg(jsonb_build_object('id', p.user_id, 'full_name', p.full_name, 'role', p.role) ORDER BY p.full_name)
    FROM conversation_people p WHERE p.conversation_id = c.id AND p.invited), '[]') AS people`;
const FROM = `FROM conversations c LEFT JOIN groups g ON g.id = c.group_id
  LEFT JOIN LATERAL (SELECT m.id, author_name, CASE WHEN taken_back_at IS NULL THEN body END AS body, created_at FROM messages m WHERE m.conversation_id = c.id
    ORDER BY m.id DESC LIMIT 1) last ON true`;

export async function listConversationRows(
  trx: TenantTrx,
  userId: string,
  { page = 1, page_size: size = 20 }: { page?: number; page_size?: number },
): Promise<{ count: number; rows: ConversationRow[] }> {
  const values = { userId, groups: await groupIdsOf(trx, userId), size, offset: (page - 1) * size } as never;
  const [counted, listed] = await together([
    trx.raw(`SELECT count(*)::int AS count FROM conversations c WHERE ${MINE}`, values) as Rows<{
      count: number;
    }>,
    trx.raw(
      `SELECT ${COLUMNS} ${FROM} WHERE ${MINE} ORDER BY c.last_message_at DESC, c.id LIMIT :size OFFSET :offset`,
      values,
    ) as Rows<ConversationRow>,
  ]);
  return { count: counted.rows[0]?.count ?? 0, rows: listed.rows };
}

/** One of somebody's conversations. Throws `not_found`, for those of others too. */
export async function getConversationRow(
  trx: TenantTrx,
  id: string,
  userId: string,
): Promise<ConversationRow> {
  const values = { id, userId, groups: await groupIdsOf(trx, userId) } as never;
  const { rows } = await trx.raw<{ rows: ConversationRow[] }>(
    `SELECT ${COLUMNS} ${FROM} WHERE c.id = :id AND ${MINE}`,
    values,
  );
  if (!rows[0]) throw new AppError('not_found');
  return rows[0];
}

export async function countUnread(trx: TenantTrx, userId: string): Promise<number> {
  const { rows } = await trx.raw<{ rows: { count: number }[] }>(
    `SELECT count(*)::int AS count FROM conversations c WHERE ${MINE} AND ${UNREAD} > 0`,
    { userId, groups: await groupIdsOf(trx, userId) } as never,
  );
  return rows[0]?.count ?? 0;
}

export async function listMessageRows(
  trx: TenantTrx,
  conversationId: string,
  { before, page_size: size = 50 }: { before?: string; page_size?: number },
): Promise<{ rows: MessageRow[]; more: boolean }> {
  const { rows } = await trx.raw<{ rows: Message[] }>(
    `SELECT id, conversation_id, author_id, author_name, body, taken_back_at, client_id, created_at FROM messages
     WHERE conversation_id = :conversationId AND (:before::uuid IS NULL OR id < :before::uuid)
     ORDER BY id DESC LIMIT :size + 1`,
    { conversationId, before: before ?? null, size } as never,
  );
  return { rows: await withFiles(trx, rows.slice(0, size)), more: rows.length > size };
}

export const rowOf = (
  { id, conversation_id, author_id, author_name, body, client_id, created_at }: Message,
  files: KeptFile[] = [],
): MessageRow => ({ id, conversation_id, author_id, author_name, body, client_id, created_at, files });

/** As those of the conversation read them. */
export async function withFiles(trx: TenantTrx, messages: readonly Message[]): Promise<MessageRow[]> {
  const isShown = ({ taken_back_at: at }: Message) => at === null;
  const files = await filesOfMessages(
    trx,
    messages.filter(isShown).map(({ id }) => id),
  );
  return messages.map((message) => ({
    ...rowOf(message, files.get(message.id)),
    ...(isShown(message) ? {} : { body: null }),
  }));
}

/** Reports that no administrator has settled yet. */
export async function countOpenReports(trx: TenantTrx): Promise<number> {
  const { rows } = await trx.raw(
    'SELECT count(*)::int AS count FROM message_reports WHERE resolved_at IS NULL',
  );
  return rows[0].count;
}
