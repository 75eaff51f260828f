import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  contentDifference,
  storagePrefix,
  type BundleTable,
  type SchoolBuilder,
  type SequenceState,
} from '@preau/tenancy';
import { PERSONAL_DATA } from '../../database/personal-data.ts';
import { refusesData } from '../../platform/database-errors.ts';
import type { Storage } from '../../platform/storage/storage.ts';
import type { ArchivePart } from './archive-reader.ts';
import { damaged, MANIFEST, parseLines, parseManifest, SEQUENCES, type Manifest } from './bundle-format.ts';
import type { OpenBundle } from './open-bundle.ts';
import { noSharedRows, SHARED_PARTS, type SharedRows } from './shared-rows.ts';

export interface TakenIn {
  shared: SharedRows;
  manifest: Manifest;
}

/**
 * Fills a new schema, and a place for files, with what an archive holds. When it resolves, every part has been held against its
 * checksum, and what PostgreSQL now reckons of the rows is what it had reckoned of the school's.
 * @param file takes one file; none is written for a drill.
 */
export async function takeIn(
  { header, parts }: OpenBundle,
  builder: SchoolBuilder,
  file: (key: string, part: ArchivePart) => Promise<void>,
): Promise<TakenIn> {
  const tables = new Map<string, BundleTable>(header.tables.map((table) => [table.name, table]));
  const shared = noSharedRows();
  let manifest: Manifest | undefined;
  let open: ({ table: string } & Copy) | null = null;
  const closeCopy = async (): Promise<void> => {
    const ending = open;
    open = null;
    await ending?.end();
  };

  for await (const part of parts) {
    const [folder, name = ''] = part.name.split('/', 2);
    if (open && !(folder === 'rows' && name === open.table)) await closeCopy();
    if (part.name === MANIFEST) manifest = parseManifest(await part.buffer());
    else if (part.name === SEQUENCES)
      await builder.setSequences(JSON.parse((await part.buffer()).toString()) as SequenceState[]);
    else if (folder === 'shared') await keepShared(shared, part);
    else if (folder === 'files') await file(part.name.slice('files/'.length), part);
    else if (folder === 'rows') {
      const table = tables.get(name);
      if (!table) throw damaged(`There is no table ${name} in its list`);
      if (header.encoding === 'ndjson') await insertLines(builder, table, await part.buffer());
      else {
        open ??= { table: name, ...copyInto(builder, table) };
        await open.write(part.content);
      }
    }
  }
  if (!manifest) throw damaged('It has no end');
  const differing = contentDifference(manifest.content, await builder.content());
  if (manifest.content.length > 0 && differing.length > 0)
    throw damaged(`Rows of ${differing.join(', ')} are not what they were`);
  return { shared, manifest };
}

/** What decompresses all the same is seen by its checksum, but rows that PostgreSQL refuses come before that. */
const asDamage = ({ name }: BundleTable, error: unknown): unknown =>
  refusesData(error) ? damaged(`Rows of ${name} are not what they were`, error) : error;

interface Copy {
  write(content: AsyncIterable<Buffer>): Promise<void>;
  end(): Promise<void>;
}

/** One COPY for all parts of a table. An error of PostgreSQL comes beside the write that caused it, which then never ends. */
function copyInto(builder: SchoolBuilder, table: BundleTable): Copy {
  const sink = builder.copyInto(table);
  const failed = new Promise<never>((_, reject) =>
    sink.once('error', (error) => reject(asDamage(table, error))),
  );
  failed.catch(() => {});
  const done = (work: (ended: (error?: Error | null) => void) => void): Promise<void> =>
    Promise.race([
      failed,
      new Promise<void>((resolve, reject) => work((error) => (error ? reject(error) : resolve()))),
    ]);
  return {
    async write(content) {
      for await (const chunk of content) await done((ended) => sink.write(chunk, ended));
    },
    end: () => done((ended) => sink.end(ended)),
  };
}

async function keepShared(shared: SharedRows, part: ArchivePart): Promise<void> {
  const kind = (Object.keys(SHARED_PARTS) as (keyof SharedRows)[]).find(
    (name) => SHARED_PARTS[name] === part.name,
  );
  if (kind) shared[kind] = parseLines(part.name, await part.buffer()) as never;
}

/** Lines at a time: enough that a statement is worth its exchange, and not more than it can parse at once. */
const LINES = 500;

async function insertLines(builder: SchoolBuilder, table: BundleTable, content: Buffer): Promise<void> {
  const lines = content.toString().split('\n').filter(Boolean);
  for (let at = 0; at < lines.length; at += LINES)
    await builder.insertJson(table, lines.slice(at, at + LINES)).catch((error: unknown) => {
      throw asDamage(table, error);
    });
}

export interface FileTaker {
  take(this: void, key: string, part: ArchivePart): Promise<void>;
  /** Waits until all that was taken is stored. Rejects with the first that failed. */
  settled(): Promise<void>;
}

/** Files up to this many bytes are written beside others: what a file waits for is the disk. */
const SMALL = 4 * 1024 * 1024;
/**
 * So many at a time, and so many times as much in memory at most. Node waits for the disk in four threads, and looks up hosts
 * in them too: one is left to whoever connects meanwhile.
 */
const AT_ONCE = 3;

/** Copies a stream of so many bytes to the start of a buffer. */
async function fillFrom(content: Readable, place: Buffer, bytes: number): Promise<void> {
  let at = 0;
  const sink = new Writable({
    write(piece: Buffer, _encoding, done) {
      if (at + piece.length > bytes) return done(damaged('A file is larger than is said of it'));
      at += piece.copy(place, at);
      done();
    },
  });
  await pipeline(content, sink);
  if (at < bytes) throw damaged('A file is smaller than is said of it');
}

/** Writes the files of an archive below a school's prefix. Those that are there in full already are the same: files do not change. */
export function fileTaker(
  storage: Storage,
  tenantId: string,
  { mayExist, signal }: { mayExist: boolean; signal: AbortSignal },
): FileTaker {
  const prefix = storagePrefix({ id: tenantId });
  const writing = new Set<Promise<void>>();
  // Used again and again: as garbage they would have outlived the cheap collections.
  const places: Buffer[] = Array.from({ length: AT_ONCE }, () => Buffer.alloc(0));
  let failed: unknown = null;

  async function aside(key: string, bytes: number, content: Readable): Promise<void> {
    if (places.length === 0) await Promise.race(writing);
    if (failed !== null) throw failed;
    let place = places.pop() as Buffer;
    if (place.length < bytes) place = Buffer.allocUnsafeSlow(bytes);
    await fillFrom(content, place, bytes);
    const source = Readable.from([place.subarray(0, bytes)], { objectMode: false });
    const store = async (): Promise<void> => {
      try {
        await storage.write(key, source, { signal });
      } catch (error) {
        failed ??= error;
      }
    };
    const work: Promise<void> = store().finally(() => {
      writing.delete(work);
      places.push(place);
    });
    writing.add(work);
  }

  return {
    async take(key, { bytes, content }) {
      const there = mayExist ? await storage.stat(`${prefix}${key}`) : undefined;
      if (there?.bytes === bytes) return;
      if (bytes <= SMALL) await aside(`${prefix}${key}`, bytes, content);
      else await storage.write(`${prefix}${key}`, content, { signal });
    },
    async settled() {
      await Promise.all(writing);
      if (failed !== null) throw failed;
    },
  };
}

/** Puts other ids in the place of people's, in every column that holds one. */
export async function renamePeople(
  builder: SchoolBuilder,
  tables: readonly BundleTable[],
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  const moved = [...ids].filter(([from, to]) => from !== to);
  if (moved.length === 0) return;
  const from = moved.map(([old]) => old);
  const to = moved.map(([, now]) => now);
  for (const { name, columns } of tables)
    for (const column of columns)
      if (PERSONAL_DATA[name]?.[column] === 'person')
        await builder.ask(
          `UPDATE ${builder.schemaName}."${name}" t SET "${column}" = m.now
           FROM (SELECT unnest(?::uuid[]) AS old, unnest(?::uuid[]) AS now) m WHERE t."${column}" = m.old`,
          [from, to],
        );
}
