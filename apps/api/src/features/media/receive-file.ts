import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline as finishPipe, Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MediaFolder } from '@preau/contracts/media';
import { storagePrefix } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../platform/app-error.ts';
import { passed } from '../../platform/passing-bytes.ts';
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

/** The first pieces of a stream, enough to tell what it is; the rest stays in it. */
async function look(content: Readable): Promise<Buffer[]> {
  const first: Buffer[] = [];
  let bytes = 0;
  for await (const piece of content.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    first.push(piece);
    bytes += piece.length;
    if (bytes >= SNIFFED_BYTES) break;
  }
  return first;
}

/** All of a stream of which the first pieces were taken, past `meter`, which may refuse a piece. */
function metered(
  first: readonly Buffer[],
  content: Readable,
  meter: (piece: Buffer) => Promise<void> | undefined,
): Readable {
  const whole = new Transform({
    async transform(piece: Buffer, _encoding, done) {
      passed(piece.length);
      let refusal: Error | null = null;
      try {
        await meter(piece);
      } catch (error) {
        refusal = error as Error;
      }
      done(refusal, piece);
    },
  });
  // Whoever reads it hears of an error; until then nobody does, and it must not end the process.
  whole.on('error', () => content.destroy());
  for (const piece of first) whole.write(piece);
  if (content.readableEnded) whole.end();
  // Not an iterator, which would join what has piled up into new buffers.
  else finishPipe(content, whole, () => {});
  return whole;
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
  const first = await look(content);
  let kind: FileKind;
  try {
    kind = await kindOf(Buffer.concat(first).subarray(0, SNIFFED_BYTES), given);
  } catch (error) {
    content.destroy();
    throw error;
  }
  const id = uuidv7();
  const name = safeName(given, kind.extension);
  const key = `${storagePrefix({ id: tenantId })}${folder}/${id}.${kind.extension}`;
  await reservation.storesAt(key);
  const described = { id, folder, name, media_type: kind.mediaType, storage_key: key };

  const whole = (hash: Hash | null): Readable => {
    let bytes = 0;
    return metered(first, content, (piece) => {
      bytes += piece.length;
      if (bytes > mostBytes) throw new AppError('file_too_large', { details: { name, limit: mostBytes } });
      hash?.update(piece);
      return reservation.cover(covered + bytes);
    });
  };

  const { decoder, mediaType } = kind;
  if (decoder === null) {
    const hash = createHash('sha256');
    const { bytes } = await storage.write(key, whole(hash), { contentType: mediaType });
    return { ...described, bytes, sha256: hash.digest('hex'), width: null, height: null };
  }
  return scratch.with(async (path) => {
    const [raw, drawn] = [path(), path()];
    await pipeline(whole(null), createWriteStream(raw, { mode: 0o600 }));
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
