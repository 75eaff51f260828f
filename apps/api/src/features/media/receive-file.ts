import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MediaFolder } from '@preau/contracts/media';
import { storagePrefix } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../platform/app-error.ts';
import type { Storage } from '../../platform/storage/storage.ts';
import { kindOf, SNIFFED_BYTES, type FileKind } from './file-kind.ts';
import { MOST_PIXELS, rewriteImage } from './image.ts';
import type { Reservation } from './ledger.service.ts';
import { safeName } from './safe-name.ts';
import type { Scratch } from './scratch.ts';

/** A file that is in the store, and not yet written down. */
export interface ReceivedFile {
  id: string;
  folder: MediaFolder;
  name: string;
  media_type: string;
  bytes: number;
  sha256: string;
  width: number | null;
  height: number | null;
  storage_key: string;
}

export interface Receiving {
  storage: Storage;
  scratch: Scratch;
  tenantId: string;
  /** Bytes that one file may have. */
  mostBytes: number;
}

interface Incoming {
  name: string;
  content: Readable;
  folder: MediaFolder;
}

/** The first bytes of a stream, and the stream from its start again. */
async function look(content: Readable): Promise<{ head: Buffer; whole: AsyncGenerator<Buffer> }> {
  const pieces = content[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first: Buffer[] = [];
  let bytes = 0;
  let last = await pieces.next();
  while (!last.done) {
    first.push(last.value);
    bytes += last.value.length;
    if (bytes >= SNIFFED_BYTES) break;
    last = await pieces.next();
  }
  const head = Buffer.concat(first).subarray(0, SNIFFED_BYTES);
  const whole = async function* () {
    try {
      yield* first.splice(0);
      if (last.done) return;
      for (let piece = await pieces.next(); !piece.done; piece = await pieces.next()) yield piece.value;
    } finally {
      content.destroy();
    }
  };
  return { head, whole: whole() };
}

/**
 * Puts a file into the store as it comes in: told what it is by its bytes, counted and, where it is kept as it is, hashed on the
 * way; of its size a few pieces are in memory. `covered` is what files before it in the same reservation have taken.
 */
export async function receiveFile(
  { storage, scratch, tenantId, mostBytes }: Receiving,
  reservation: Reservation,
  { name: given, content, folder }: Incoming,
  covered: number,
): Promise<ReceivedFile> {
  const { head, whole } = await look(content);
  let kind: FileKind;
  try {
    kind = await kindOf(head, given);
  } catch (error) {
    content.destroy();
    throw error;
  }
  const id = uuidv7();
  const name = safeName(given, kind.extension);
  const key = `${storagePrefix({ id: tenantId })}${folder}/${id}.${kind.extension}`;
  await reservation.storesAt(key);
  const described = { id, folder, name, media_type: kind.mediaType, storage_key: key };

  const metered = async function* (hash: Hash | null) {
    let bytes = 0;
    for await (const piece of whole) {
      bytes += piece.length;
      if (bytes > mostBytes) throw new AppError('file_too_large', { details: { name, limit: mostBytes } });
      const more = reservation.cover(covered + bytes);
      if (more) await more;
      hash?.update(piece);
      yield piece;
    }
  };

  const { decoder, mediaType } = kind;
  if (decoder === null) {
    const hash = createHash('sha256');
    const { bytes } = await storage.write(key, Readable.from(metered(hash), { objectMode: false }), {
      contentType: mediaType,
    });
    return { ...described, bytes, sha256: hash.digest('hex'), width: null, height: null };
  }
  return scratch.with(async (path) => {
    const [raw, drawn] = [path(), path()];
    await pipeline(metered(null), createWriteStream(raw, { mode: 0o600 }));
    const { bytes, width, height } = await rewriteImage(raw, drawn, { mediaType, decoder }).catch(
      (error: unknown) => {
        throw new AppError('image_refused', { details: { name, limit: MOST_PIXELS / 1e6 }, cause: error });
      },
    );
    if (bytes > mostBytes) throw new AppError('file_too_large', { details: { name, limit: mostBytes } });
    await reservation.cover(covered + bytes);
    const hash = createHash('sha256');
    const hashed = async function* () {
      for await (const piece of createReadStream(drawn) as AsyncIterable<Buffer>) {
        hash.update(piece);
        yield piece;
      }
    };
    const stored = await storage.write(key, Readable.from(hashed(), { objectMode: false }), {
      contentType: mediaType,
    });
    if (stored.bytes !== bytes) throw new Error(`Of ${bytes} bytes ${stored.bytes} were stored`);
    return { ...described, bytes, sha256: hash.digest('hex'), width, height };
  });
}
