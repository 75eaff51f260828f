import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { createZstdDecompress } from 'node:zlib';
import { extract as createExtract } from 'tar-stream';
import { AppError } from '../../platform/app-error.ts';
import { hashing } from './archive-writer.ts';

/** A part of an archive on its way in. It has to be read to its end before the next comes. */
export interface ArchivePart {
  name: string;
  bytes: number;
  content: Readable;
  /** All of it, for a part that is small. */
  buffer(): Promise<Buffer>;
}

const PIECE = 256 * 1024;
/** Most that a part may be which is read into memory. */
const LARGEST_READ = 64 * 1024 * 1024;
const AGE = Buffer.from('age-encryption.org/');
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** Looks at the first bytes, and gives the stream back whole. */
async function peek(source: Readable): Promise<{ head: Buffer; stream: Readable }> {
  const pieces = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await pieces.next();
  const head = first.done ? Buffer.alloc(0) : first.value;
  async function* all() {
    try {
      if (head.length > 0) yield head;
      for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
    } finally {
      source.destroy();
    }
  }
  return { head, stream: Readable.from(all(), { objectMode: false, highWaterMark: PIECE }) };
}

async function decrypted(source: Readable, identities: readonly string[]): Promise<Readable> {
  if (identities.length === 0) throw new AppError('bundle_locked');
  // Loaded when it is needed, as by whoever writes one.
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    const opened = await decrypter.decrypt(Readable.toWeb(source) as never);
    return Readable.fromWeb(opened as unknown as ReadableStream);
  } catch (cause) {
    throw new AppError('bundle_locked', { cause });
  }
}

/** The tar of an archive, whatever is around it. */
async function unwrapped(source: Readable, identities: readonly string[]): Promise<Readable> {
  let { head, stream } = await peek(source);
  if (head.subarray(0, AGE.length).equals(AGE))
    ({ head, stream } = await peek(await decrypted(stream, identities)));
  if (!head.subarray(0, ZSTD.length).equals(ZSTD)) return stream;
  const plain = createZstdDecompress({ chunkSize: PIECE });
  return pipeline(stream, plain, () => {});
}

const damaged = (why: string, cause?: unknown): AppError =>
  new AppError('bundle_damaged', { details: { why }, ...(cause === undefined ? {} : { cause }) });

/**
 * The parts of an archive in their order, each held against its checksum once it has gone by; lists of checksums are not among
 * them. Rejects at the end at the latest when a part is not as it was written, or has no checksum: nothing of it may be used
 * before.
 * @param last name of the part that ends it.
 * @throws AppError `bundle_damaged`, `bundle_locked`
 */
export async function* readArchive(
  source: Readable,
  { identities, last }: { identities: readonly string[]; last: string },
): AsyncGenerator<ArchivePart> {
  const extract = createExtract();
  const unproved = new Map<string, string>();
  let complete = false;
  try {
    const tar = await unwrapped(source, identities);
    pipeline(tar, extract as unknown as NodeJS.WritableStream, () => {});
    for await (const entry of extract) {
      const { name, size, type } = entry.header;
      if (type !== 'file' || complete) throw damaged(`There should be no ${name}`);
      const hash = createHash('sha256');
      let seen = 0;
      const content = hashing(hash, (count) => (seen += count));
      const stored = entry as unknown as Readable;
      // Whoever reads it is told what it is, not what a decompressor makes of it.
      for (const event of ['error', 'close'])
        stored.once(event, (cause: unknown) => {
          if (!content.writableEnded) content.destroy(damaged(`${name} cannot be read`, cause));
        });
      pipeline(stored, content, () => {});
      const buffer = async (): Promise<Buffer> => {
        if (size > LARGEST_READ) throw damaged(`${name} is too large`);
        return Buffer.concat(await content.toArray());
      };
      if (name.startsWith('checksums/')) prove(unproved, (await buffer()).toString());
      else {
        if (unproved.has(name)) throw damaged(`There are two ${name}`);
        yield { name, bytes: size, content, buffer };
        // Also what its reader had no use for; what is cut off here never ends, but fails.
        if (!content.readableEnded) await finished(content.resume());
        if (seen !== size) throw damaged(`${name} is not as long as it should be`);
        complete = name === last;
        if (!complete) unproved.set(name, hash.digest('hex'));
      }
    }
  } catch (error) {
    throw error instanceof AppError
      ? error
      : damaged(error instanceof Error ? error.message : String(error), error);
  } finally {
    source.destroy();
  }
  if (!complete) throw damaged('It has no end');
  const [nameless] = unproved.keys();
  if (nameless !== undefined) throw damaged(`${nameless} has no checksum`);
}

function prove(unproved: Map<string, string>, list: string): void {
  for (const line of list.split('\n')) {
    if (line === '') continue;
    const sum = line.slice(0, 64);
    const name = line.slice(66);
    if (unproved.get(name) !== sum) throw damaged(`${name} is not as it was written`);
    unproved.delete(name);
  }
}
