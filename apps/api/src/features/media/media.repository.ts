import type { TenantTrx } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { discardStored } from './ledger.repository.ts';
import { MediaFile, MediaVariantFile } from './media-file.model.ts';

/**
 * Crosses files out, with their smaller pictures, and hands their bytes to the ledger to be removed. @returns whether there were any.
 */
export async function discardFiles(trx: TenantTrx, files: readonly MediaFile[]): Promise<boolean> {
  if (files.length === 0) return false;
  const ids = files.map(({ id }) => id);
  const variants = await MediaVariantFile.query(trx).delete().whereIn('media_id', ids).returning('*');
  await MediaFile.query(trx).delete().whereIn('id', ids);
  const stored = [...files, ...variants];
  await discardStored(trx, {
    id: uuidv7(),
    bytes: stored.reduce((sum, { bytes }) => sum + Number(bytes), 0),
    keys: stored.map(({ storage_key: key }) => key),
  });
  return true;
}

/** Those that have been in the trash since before a time, the oldest first, locked. */
export const trashedBefore = (trx: TenantTrx, before: Date, limit: number): Promise<MediaFile[]> =>
  MediaFile.query(trx)
    .where('trashed_at', '<', before)
    .orderBy('trashed_at')
    .limit(limit)
    .forUpdate()
    .skipLocked() as unknown as Promise<MediaFile[]>;
