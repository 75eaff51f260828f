import { MOST_MESSAGE_FILE_BYTES } from '@preau/contracts/messaging';
import type { TenantTrx } from '@preau/tenancy';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { discardKept, idsOfKept, keptFilesOf, type KeptFile } from '../media/index.ts';
import { MessageFile, type Message } from './messaging.model.ts';

export const KEEPING = { keeper: 'messages', mostBytes: MOST_MESSAGE_FILE_BYTES } as const;
const { keeper: KEEPER } = KEEPING;

/** Files of messages, in their order, by message. */
export async function filesOfMessages(
  trx: TenantTrx,
  messageIds: readonly string[],
): Promise<Map<string, KeptFile[]>> {
  if (messageIds.length === 0) return new Map();
  const links = await MessageFile.query(trx)
    .whereIn('message_id', [...messageIds])
    .orderBy('position');
  const files = await keptFilesOf(
    trx,
    KEEPER,
    links.map(({ media_id: id }) => id),
  );
  const ofEach = Map.groupBy(links, ({ message_id: id }) => id);
  return new Map(
    [...ofEach].map(([id, own]) => [id, own.flatMap(({ media_id: media }) => files.get(media) ?? [])]),
  );
}

/** Of these files, those that were sent. */
async function sentOf(trx: TenantTrx, ids: readonly string[]): Promise<Set<string>> {
  const links = await MessageFile.query(trx)
    .whereIn('media_id', [...ids])
    .select('media_id');
  return new Set(links.map(({ media_id: id }) => id));
}

/** What somebody has prepared and not sent yet. */
export async function waitingOf(trx: TenantTrx, userId: string): Promise<string[]> {
  const ids = await idsOfKept(trx, KEEPER, { uploader: userId });
  const sent = await sentOf(trx, ids);
  return ids.filter((id) => !sent.has(id));
}

/** One's own files that wait, held. Throws `invalid_input` for any other: of somebody else, or of a message already. */
export async function attachFiles(
  trx: TenantTrx,
  { id: messageId, author_id: author }: Pick<Message, 'id' | 'author_id'>,
  ids: readonly string[],
): Promise<KeptFile[]> {
  if (ids.length === 0) return [];
  const files = await keptFilesOf(trx, KEEPER, ids, { lock: true });
  const sent = await sentOf(trx, ids);
  const attached = ids.map((id) => {
    const file = files.get(id);
    if (!file || file.uploader_id !== author || sent.has(id))
      throw fieldError('files', 'unknown_reference', { value: id });
    return file;
  });
  await MessageFile.query(trx).insert(
    ids.map((id, position) => ({ media_id: id, message_id: messageId, position })),
  );
  return attached;
}

/** Deletes a file of one's own that waits. Throws `not_found`. */
export async function dropWaiting(trx: TenantTrx, userId: string, id: string): Promise<KeptFile> {
  const file = (await keptFilesOf(trx, KEEPER, [id], { lock: true })).get(id);
  if (file?.uploader_id !== userId || (await sentOf(trx, [id])).size > 0) throw new AppError('not_found');
  await discardKept(trx, KEEPER, [id]);
  return file;
}

/** Deletes the files of messages. @returns how many. */
export async function dropFilesOf(trx: TenantTrx, messageIds: readonly string[]): Promise<number> {
  if (messageIds.length === 0) return 0;
  const links = await MessageFile.query(trx).whereIn('message_id', [...messageIds]);
  return discardKept(
    trx,
    KEEPER,
    links.map(({ media_id: id }) => id),
  );
}

/** Deletes what was prepared before a time and never sent. @returns how many. */
export async function dropForgotten(trx: TenantTrx, before: Date): Promise<number> {
  const ids = await idsOfKept(trx, KEEPER, { before });
  // Held before one looks: who sends at this moment has either sent already, or waits and finds it gone.
  await keptFilesOf(trx, KEEPER, ids, { lock: true });
  const sent = await sentOf(trx, ids);
  return discardKept(
    trx,
    KEEPER,
    ids.filter((id) => !sent.has(id)),
  );
}

/** Throws `not_found` unless the file is of that message. */
export async function assertFileOf(trx: TenantTrx, fileId: string, messageId: string): Promise<void> {
  const link = await MessageFile.query(trx).findOne({ media_id: fileId, message_id: messageId });
  if (!link) throw new AppError('not_found');
}
