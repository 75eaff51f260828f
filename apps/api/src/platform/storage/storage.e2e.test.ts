import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { CreateMultipartUploadCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseS3Server, type S3Server } from '../../../test/support/s3-server.ts';
import { createDiskStorage } from './disk-storage.ts';
import { createS3Storage } from './s3-storage.ts';
import { NotStored, type Storage } from './storage.ts';

let folder: string;
let s3: S3Server;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'preau-test-storage-'));
  s3 = await chooseS3Server();
});
afterAll(async () => {
  await s3.close();
  rmSync(folder, { recursive: true });
});

const MEGABYTE = 1024 * 1024;
const text = (value: string) => Readable.from([Buffer.from(value)], { objectMode: false });
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

async function textAt(storage: Storage, key: string, range?: { start?: number; end?: number }) {
  return (await buffer(await storage.read(key, range))).toString();
}

async function keysOf(storage: Storage, prefix: string) {
  const found: { key: string; bytes: number }[] = [];
  for await (const file of storage.keys(prefix)) found.push(file);
  return found;
}

async function beginUpload(): Promise<void> {
  const { bucket, endpoint, region, credentials } = s3.place;
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: 'begun/a.bin' }));
  client.destroy();
}

describe.each([
  {
    kind: 'disk',
    make: () => createDiskStorage(folder),
    begin: async () => writeFileSync(join(folder, '.incoming', 'begun'), 'half'),
  },
  { kind: 'S3', make: () => createS3Storage(s3.place), begin: beginUpload },
])('storage on $kind', ({ make, begin }) => {
  let storage: Storage;
  beforeAll(() => {
    storage = make();
  });

  it('gives back what was written, whole or in part', async () => {
    expect(await storage.write('plain/a.txt', text('0123456789'))).toEqual({ bytes: 10 });
    expect(await textAt(storage, 'plain/a.txt')).toBe('0123456789');
    expect(await textAt(storage, 'plain/a.txt', { start: 2, end: 4 })).toBe('234');
    expect(await textAt(storage, 'plain/a.txt', { start: 7 })).toBe('789');
    expect(await textAt(storage, 'plain/a.txt', { start: 0, end: 0 })).toBe('0');
    const found = await storage.stat('plain/a.txt');
    expect(found?.bytes).toBe(10);
    expect(Math.abs(Date.now() - (found?.modifiedAt.getTime() ?? 0))).toBeLessThan(60_000);
  });

  it('keeps every byte of a file of several parts, and of none', async () => {
    const content = randomBytes(20 * MEGABYTE + 7);
    const pieces = Array.from({ length: Math.ceil(content.length / 65_000) }, (_, at) =>
      content.subarray(at * 65_000, (at + 1) * 65_000),
    );
    const { bytes } = await storage.write('plain/large.bin', Readable.from(pieces, { objectMode: false }));
    expect(bytes).toBe(content.length);
    expect(sha256(await buffer(await storage.read('plain/large.bin')))).toBe(sha256(content));
    expect(await storage.write('plain/empty.bin', Readable.from([], { objectMode: false }))).toEqual({
      bytes: 0,
    });
    expect(await textAt(storage, 'plain/empty.bin')).toBe('');
  });

  it('replaces what is there', async () => {
    await storage.write('plain/again.txt', text('a longer text'));
    await storage.write('plain/again.txt', text('short'));
    expect(await textAt(storage, 'plain/again.txt')).toBe('short');
  });

  it('says that nothing is there', async () => {
    await expect(storage.read('plain/none.txt')).rejects.toThrow(NotStored);
    await expect(storage.copy('plain/none.txt', 'plain/copy.txt')).rejects.toThrow(NotStored);
    expect(await storage.stat('plain/none.txt')).toBeUndefined();
    await storage.remove('plain/none.txt');
    await storage.removeAll('nowhere/');
    expect(await storage.list('nowhere/')).toEqual([]);
    expect(await keysOf(storage, 'nowhere/')).toEqual([]);
  });

  it.each([
    ['small', 3],
    ['large', 12 * MEGABYTE],
  ])('keeps nothing of a %s source that fails, and what was there before', async (_size, size) => {
    await storage.write('failing/a.txt', text('before'));
    const failing = async function* () {
      for (let sent = 0; sent < size; sent += MEGABYTE) yield randomBytes(Math.min(MEGABYTE, size - sent));
      throw new Error('the line was cut');
    };
    for (const key of ['failing/a.txt', 'failing/b.txt'])
      await expect(storage.write(key, Readable.from(failing(), { objectMode: false }))).rejects.toThrow(
        'the line was cut',
      );
    expect(await keysOf(storage, 'failing/')).toEqual([{ key: 'failing/a.txt', bytes: 6 }]);
    expect(await storage.removeUnfinished(new Date(Date.now() + 60_000))).toEqual({ removed: 0 });
  });

  it('shows nothing of a file on its way, and keeps nothing of one that is aborted', async () => {
    const stop = new AbortController();
    const half = Promise.withResolvers<void>();
    const endless = async function* () {
      for (let sent = 0; ; sent += 1) {
        yield randomBytes(MEGABYTE);
        if (sent === 20) half.resolve();
      }
    };
    const writing = storage.write('aborted/a.bin', Readable.from(endless(), { objectMode: false }), {
      signal: stop.signal,
    });
    writing.catch(() => {});
    await half.promise;
    expect(await storage.stat('aborted/a.bin')).toBeUndefined();
    expect(await keysOf(storage, 'aborted/')).toEqual([]);
    stop.abort(new Error('no more'));
    await expect(writing).rejects.toThrow('no more');
    expect(await storage.stat('aborted/a.bin')).toBeUndefined();
  });

  it('copies', async () => {
    await storage.write('copies/a.txt', text('the same'));
    await storage.copy('copies/a.txt', 'copies/deeper/b.txt');
    await storage.remove('copies/a.txt');
    expect(await textAt(storage, 'copies/deeper/b.txt')).toBe('the same');
  });

  it('lists the names below a prefix, and every key in order', async () => {
    const names = ['b.txt', 'a/2.txt', 'a/10.txt', 'a-b/1.txt', 'a.txt'];
    for (const name of names) await storage.write(`listed/${name}`, text(name));
    expect((await storage.list('listed/')).toSorted()).toEqual(['a', 'a-b', 'a.txt', 'b.txt']);
    expect(await keysOf(storage, 'listed/')).toEqual(
      names.toSorted().map((name) => ({ key: `listed/${name}`, bytes: name.length })),
    );
  });

  it('lists and removes more than one answer of the store holds', async () => {
    const names = Array.from({ length: 1_050 }, (_, at) => `many/${String(at).padStart(4, '0')}.txt`);
    for (let at = 0; at < names.length; at += 50)
      await Promise.all(names.slice(at, at + 50).map((name) => storage.write(name, text('x'))));
    expect((await keysOf(storage, 'many/')).map(({ key }) => key)).toEqual(names);
    await storage.removeAll('many/');
    expect(await keysOf(storage, 'many/')).toEqual([]);
  }, 60_000);

  it('removes all below a prefix and nothing beside it', async () => {
    await storage.prepare(['school_1/avatars/', 'school_1/documents/']);
    await storage.write('school_1/avatars/a.txt', text('mine'));
    await storage.write('school_10/avatars/a.txt', text('theirs'));
    await storage.removeAll('school_1/');
    expect(await keysOf(storage, 'school_1/')).toEqual([]);
    expect(await textAt(storage, 'school_10/avatars/a.txt')).toBe('theirs');
  });

  it.each([
    '',
    '/etc/passwd',
    '../up',
    'a/../../b',
    'a//b',
    'a/',
    'é.txt',
    'a\0b',
    '.incoming/x',
    'a/.b',
    'a b',
  ])('refuses the key %j', async (key) => {
    await expect((async () => storage.write(key, text('x')))()).rejects.toThrow('No key');
    await expect((async () => storage.read(key))()).rejects.toThrow('No key');
    await expect((async () => storage.remove(key))()).rejects.toThrow('No key');
  });

  it.each(['', '/', './', '../', 'a', 'a/../', 'a/../../'])('refuses the prefix %j', async (prefix) => {
    await expect((async () => storage.removeAll(prefix))()).rejects.toThrow(/No (prefix|key)/);
    await expect((async () => storage.list(prefix))()).rejects.toThrow(/No (prefix|key)/);
  });

  it('leaves no draft behind in all of this, and removes that of a process that was killed', async () => {
    const soon = new Date(Date.now() + 86_400_000 + 60_000);
    expect(await storage.removeUnfinished(soon)).toEqual({ removed: 0 });
    await begin();
    expect(await storage.removeUnfinished(new Date(Date.now() - 60_000))).toEqual({ removed: 0 });
    expect(await storage.removeUnfinished(soon)).toEqual({ removed: 1 });
    expect(await storage.removeUnfinished(soon)).toEqual({ removed: 0 });
  });
});
