import type { TenantTrx } from '@preau/tenancy';
import { mediaKind } from './file-kind.ts';
import { MediaFile } from './media-file.model.ts';
import type { AttachedFile } from './media.read-model.ts';
import { discardFiles } from './media.repository.ts';

/** A file that a feature keeps for readers of its own choice. */
export interface KeptFile extends AttachedFile {
  kind: ReturnType<typeof mediaKind>;
  uploader_id: string | null;
  created_at: Date;
}

/** Those of these that the feature keeps, by id. With `lock` nobody else attaches or deletes them meanwhile. */
export async function keptFilesOf(
  trx: TenantTrx,
  keeper: string,
  ids: readonly string[],
  { lock = false }: { lock?: boolean } = {},
): Promise<Map<string, KeptFile>> {
  if (ids.length === 0) return new Map();
  const query = MediaFile.query(trx)
    .where({ kept_by: keeper })
    .whereIn('id', [...ids])
    .orderBy('id')
    .select('id', 'name', 'media_type', 'bytes', 'uploader_id', 'created_at');
  if (lock) void query.forUpdate();
  const files = await query;
  return new Map(
    files.map(({ id, name, media_type, bytes, uploader_id, created_at }) => [
      id,
      { id, name, media_type, kind: mediaKind(media_type), bytes: Number(bytes), uploader_id, created_at },
    ]),
  );
}

/** Ids of what a feature keeps since before a time, or of one person's. */
export async function idsOfKept(
  trx: TenantTrx,
  keeper: string,
  { before, uploader }: { before?: Date; uploader?: string },
): Promise<string[]> {
  const query = MediaFile.query(trx).where({ kept_by: keeper }).select('id');
  if (before) void query.where('created_at', '<', before);
  if (uploader !== undefined) void query.where({ uploader_id: uploader });
  return (await query).map(({ id }) => id);
}

/** Crosses out what a feature kept; the ledger removes the bytes. @returns how many files. */
export async function discardKept(trx: TenantTrx, keeper: string, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const files = await MediaFile.query(trx)
    .where({ kept_by: keeper })
    .whereIn('id', [...ids])
    .orderBy('id')
    .forUpdate();
  await discardFiles(trx, files);
  return files.length;
}

/** What a feature keeps since before a time, by id and by the sum of its bytes. */
export const sumsOfKept = async (
  trx: TenantTrx,
  keeper: string,
  before: Date,
): Promise<Pick<MediaFile, 'id' | 'sha256'>[]> =>
  MediaFile.query(trx).where({ kept_by: keeper }).where('created_at', '<', before).select('id', 'sha256');

/** The oldest file of a feature whose sum begins so. */
export const keptWithSum = async (
  trx: TenantTrx,
  keeper: string,
  start: string,
): Promise<string | undefined> =>
  (
    await MediaFile.query(trx)
      .where({ kept_by: keeper })
      .where('sha256', 'like', `${start}%`)
      .orderBy('created_at')
      .first()
      .select('id')
  )?.id;
