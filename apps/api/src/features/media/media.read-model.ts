import type { MediaQuery } from '@preau/contracts/media';
import type { TenantTrx } from '@preau/tenancy';
import { MediaFile, MediaVariantFile } from './media-file.model.ts';

/** A file with the smaller pictures there are of it. */
export interface MediaDetail {
  file: MediaFile;
  variants: MediaVariantFile[];
}

const likeText = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

async function withVariants(trx: TenantTrx, files: MediaFile[]): Promise<MediaDetail[]> {
  const ids = files.filter(({ media_type: type }) => type.startsWith('image/')).map(({ id }) => id);
  const variants = ids.length > 0 ? await MediaVariantFile.query(trx).whereIn('media_id', ids) : [];
  const byFile = Map.groupBy(variants, ({ media_id: id }) => id);
  return files.map((file) => ({ file, variants: byFile.get(file.id) ?? [] }));
}

/** Ids hold the time that they were made at: their order is the files', and the next page begins after the last one's. */
export async function listFiles(
  trx: TenantTrx,
  { folder, kind, search, trash = false, cursor, page_size: size = 40 }: MediaQuery,
): Promise<{ rows: MediaDetail[]; cursor: string | null }> {
  const query = MediaFile.query(trx)
    .whereNull('kept_by')
    .orderBy('id', 'desc')
    .limit(size + 1);
  if (trash) void query.whereNotNull('trashed_at');
  else void query.whereNull('trashed_at');
  if (folder) void query.where({ folder });
  if (kind === 'document') void query.whereRaw("media_type !~ '^(image|audio|video)/'");
  else if (kind) void query.where('media_type', 'like', `${kind}/%`);
  if (cursor) void query.where('id', '<', cursor);
  for (const word of (search ?? '').trim().split(/\s+/).filter(Boolean).slice(0, 8))
    void query.whereRaw('(name ILIKE ? OR alt ILIKE ?)', [likeText(word), likeText(word)]);
  const rows = await query;
  const shown = rows.slice(0, size);
  return {
    rows: await withVariants(trx, shown),
    cursor: rows.length > size ? (shown.at(-1)?.id ?? null) : null,
  };
}

/** A file of the library, or of the feature that keeps it and says so: without its name nobody comes by one. */
export async function findFile(
  trx: TenantTrx,
  id: string,
  keeper: string | null = null,
): Promise<MediaDetail | null> {
  const file = await MediaFile.query(trx).findOne({ id, kept_by: keeper });
  return file ? ((await withVariants(trx, [file]))[0] ?? null) : null;
}

/** Whoever's it is: for what is done with bytes, and shown to nobody. */
export async function findAnyFile(trx: TenantTrx, id: string): Promise<MediaDetail | null> {
  const file = await MediaFile.query(trx).findById(id);
  return file ? ((await withVariants(trx, [file]))[0] ?? null) : null;
}

/** Keys and bytes of all that a school has written down, by key. */
export async function storedOf(trx: TenantTrx): Promise<{ key: string; bytes: number }[]> {
  const { rows } = await trx.raw(
    `SELECT key, bytes FROM (
       SELECT storage_key AS key, bytes FROM media_files UNION ALL SELECT storage_key, bytes FROM media_variants
     ) AS stored ORDER BY key COLLATE "C"`,
  );
  return rows.map(({ key, bytes }: { key: string; bytes: string }) => ({ key, bytes: Number(bytes) }));
}

/** A file that something else of the school speaks of. */
export interface AttachedFile {
  id: string;
  name: string;
  media_type: string;
  bytes: number;
}

/** Those of these files that are in the library and not in its bin, by id. */
export async function filesOf(trx: TenantTrx, ids: readonly string[]): Promise<Map<string, AttachedFile>> {
  if (ids.length === 0) return new Map();
  const files = await MediaFile.query(trx)
    .whereIn('id', [...ids])
    .whereNull('trashed_at')
    .whereNull('kept_by')
    .select('id', 'name', 'media_type', 'bytes');
  return new Map(
    files.map(({ id, name, media_type, bytes }) => [id, { id, name, media_type, bytes: Number(bytes) }]),
  );
}
