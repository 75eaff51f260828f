import { createHash, type Hash } from 'node:crypto';
import { PassThrough, Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { constants, createZstdCompress } from 'node:zlib';
import { pack as createPack } from 'tar-stream';
import { passed } from '../../platform/passing-bytes.ts';

/** Largest part of rows, and of a list of checksums: as much of a table as is in memory at a time. */
export const PART_BYTES = 1024 * 1024;
/** Pieces between two stages: each costs turns of the event loop. */
const PIECE = 256 * 1024;

/** Writes the parts of an archive one after the other, and a checksum of each. */
export interface ArchiveWriter {
  /** A part that is in memory. */
  part(name: string, content: Buffer | string): Promise<void>;
  /** Lines as they come, cut into parts at line ends: `<folder>/00001.<ending>`. @returns how many bytes. */
  lines(folder: string, ending: string, source: Readable): Promise<{ parts: number; bytes: number }>;
  /** A part of known size. Fails when the source gives more or less. */
  file(name: string, bytes: number, source: Readable): Promise<{ sha256: string }>;
  /** What is left of the checksums, then the last part. Nothing more can be written. */
  end(name: string, content: string): Promise<void>;
  /** The archive as it comes. */
  readonly output: Readable;
  /** Gives up: the output fails. */
  destroy(error: Error): void;
}

export interface ArchiveOptions {
  compress: boolean;
  /** age recipients; none: not encrypted. */
  recipients: readonly string[];
}

const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');

/** Counts and hashes what passes. */
export function hashing(hash: Hash, count: (bytes: number) => void): Transform {
  return new Transform({
    readableHighWaterMark: PIECE,
    writableHighWaterMark: PIECE,
    transform(chunk: Buffer, _, done) {
      passed(chunk.length);
      hash.update(chunk);
      count(chunk.length);
      done(null, chunk);
    },
  });
}

/**
 * A tar, compressed by zstd where asked, then encrypted by age where there are recipients: each of the three is undone by the
 * tool of that name. Nothing in it depends on when or where it was made.
 */
export function createArchive({ compress, recipients }: ArchiveOptions): ArchiveWriter {
  const pack = createPack({ highWaterMark: PIECE });
  const output = new PassThrough({ highWaterMark: PIECE });
  const stages: (
    | Readable
    | NodeJS.ReadWriteStream
    | ((source: AsyncIterable<Buffer>) => AsyncIterable<unknown>)
  )[] = [pack as unknown as Readable];
  if (compress)
    stages.push(createZstdCompress({ chunkSize: PIECE, params: { [constants.ZSTD_c_compressionLevel]: 1 } }));
  if (recipients.length > 0) {
    stages.push(async function* (source: AsyncIterable<Buffer>) {
      // Loaded when it is needed: every start and every command would wait for it.
      const { Encrypter } = await import('age-encryption');
      const encrypter = new Encrypter();
      for (const recipient of recipients) encrypter.addRecipient(recipient);
      const sealed = await encrypter.encrypt(Readable.toWeb(Readable.from(source)) as never);
      yield* Readable.fromWeb(sealed as unknown as ReadableStream);
    });
  }
  const flowing = pipeline([...stages, output] as never);
  // Whoever reads the output hears of it there.
  flowing.catch((error: Error) => output.destroy(error));

  const header = (name: string, size: number) => ({ name, size, mode: 0o600, mtime: new Date(0) });
  let sums: string[] = [];
  let held = 0;
  let lists = 0;

  async function entry(name: string, content: Buffer): Promise<void> {
    const sink = pack.entry(header(name, content.length));
    // A part that waits in memory is as large as a piece of the next stage: this waits for that one.
    await pipeline(Readable.from([content], { objectMode: false }), sink as unknown as NodeJS.WritableStream);
  }

  async function note(name: string, sum: string): Promise<void> {
    const line = `${sum}  ${name}\n`;
    sums.push(line);
    held += line.length;
    if (held >= PART_BYTES) await flush();
  }

  async function flush(): Promise<void> {
    if (sums.length === 0) return;
    lists += 1;
    const text = sums.join('');
    sums = [];
    held = 0;
    await entry(`checksums/${String(lists).padStart(5, '0')}.sha256`, Buffer.from(text));
  }

  async function part(name: string, content: Buffer | string): Promise<void> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    await entry(name, bytes);
    await note(name, sha256(bytes));
  }

  return {
    part,

    async lines(folder, ending, source) {
      let parts = 0;
      let bytes = 0;
      let waiting: Buffer[] = [];
      let size = 0;
      const write = async (upTo: Buffer) => {
        parts += 1;
        bytes += upTo.length;
        await part(`${folder}/${String(parts).padStart(5, '0')}.${ending}`, upTo);
      };
      for await (const chunk of source as AsyncIterable<Buffer>) {
        passed(chunk.length);
        waiting.push(chunk);
        size += chunk.length;
        if (size < PART_BYTES) continue;
        const all = Buffer.concat(waiting, size);
        const cut = all.lastIndexOf(10) + 1;
        if (cut > 0) await write(all.subarray(0, cut));
        waiting = cut < all.length ? [all.subarray(cut)] : [];
        size = all.length - cut;
      }
      if (size > 0) await write(Buffer.concat(waiting, size));
      return { parts, bytes };
    },

    async file(name, bytes, source) {
      const hash = createHash('sha256');
      const sink = pack.entry(header(name, bytes));
      await pipeline(
        source,
        hashing(hash, () => {}),
        sink as unknown as NodeJS.WritableStream,
      );
      const sum = hash.digest('hex');
      await note(name, sum);
      return { sha256: sum };
    },

    async end(name, content) {
      await flush();
      await entry(name, Buffer.from(content));
      pack.finalize();
    },

    output,
    destroy(error) {
      pack.destroy(error);
      output.destroy(error);
    },
  };
}
