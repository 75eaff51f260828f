import type { Bundler } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { NotStored, type Storage } from '../../platform/storage/storage.ts';
import { readArchive, type ArchivePart } from './archive-reader.ts';
import {
  damaged,
  HEADER,
  MANIFEST,
  parseHeader,
  parseSchool,
  SCHOOL,
  type Header,
  type School,
} from './bundle-format.ts';

/** An archive that is being read: what it says of itself, and its parts from there on. */
export interface OpenBundle {
  header: Header;
  school: School;
  parts: AsyncGenerator<ArchivePart>;
}

/**
 * Opens an archive and reads its first two parts.
 * @param read told of bytes as they come.
 * @throws AppError `bundle_damaged`, `bundle_locked`, `bundle_newer`
 */
export async function openBundle(
  {
    backups,
    bundler,
    identities,
  }: { backups: Storage; bundler: Pick<Bundler, 'knows'>; identities: readonly string[] },
  storageKey: string,
  { signal, read = () => {} }: { signal?: AbortSignal; read?: (bytes: number) => void } = {},
): Promise<OpenBundle> {
  const source = await backups.read(storageKey).catch((error: unknown) => {
    throw error instanceof NotStored ? damaged('Its bytes are not there', error) : error;
  });
  source.on('data', (chunk: Buffer) => read(chunk.length));
  source.pause();
  const stop = () => source.destroy(signal?.reason as Error);
  signal?.addEventListener('abort', stop, { once: true });
  source.once('close', () => signal?.removeEventListener('abort', stop));
  const parts = readArchive(source, { identities, last: MANIFEST });
  try {
    const header = parseHeader(await next(parts, HEADER));
    if (!bundler.knows(header.schema_version))
      throw new AppError('bundle_newer', { details: { version: header.schema_version ?? '' } });
    return { header, school: parseSchool(await next(parts, SCHOOL)), parts };
  } catch (error) {
    source.destroy();
    throw error;
  }
}

async function next(parts: AsyncGenerator<ArchivePart>, name: string): Promise<Buffer> {
  const { value, done } = await parts.next();
  if (done || value.name !== name) throw damaged(`There is no ${name} where it should be`);
  return value.buffer();
}
