import { Readable } from 'node:stream';
import type * as Sdk from '@aws-sdk/client-s3';
import type * as Library from '@aws-sdk/lib-storage';
import { passedSlowly } from '../passing-bytes.ts';
import { checkedKey, checkedPrefix, NotStored, type Storage, type StoragePlace } from './storage.ts';

/** Of a file of unknown length: 10,000 parts at most make 80 GB, and two of them are in memory at a time. */
const PART = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 2;
/** Most that a store copies by itself in one request. */
const LARGEST_COPY = 5 * 1024 ** 3;
const REMOVED_AT_ONCE = 16;
/** An upload that began longer ago than this has nobody any more: the store tells its beginning alone. */
const LONGEST_WRITE = 86_400_000;

type Place = Extract<StoragePlace, { kind: 's3' }>;

const isAbsent = (error: unknown): boolean => {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  return name === 'NoSuchKey' || name === 'NotFound' || $metadata?.httpStatusCode === 404;
};

/** What a store that others may fill as well holds: only what could be a key of ours. */
const isKey = (key: string): boolean => {
  try {
    return checkedKey(key) === key;
  } catch {
    return false;
  }
};

/** Files in a bucket of an S3-compatible store. The bucket has to be there. */
export function createS3Storage({ endpoint, bucket, region, pathStyle, credentials }: Place): Storage {
  let opened: Promise<{ sdk: typeof Sdk; library: typeof Library; client: Sdk.S3Client }> | undefined;
  // Loaded when it is needed: it takes some tenths of a second, of every start and every command.
  const open = () =>
    (opened ??= Promise.all([import('@aws-sdk/client-s3'), import('@aws-sdk/lib-storage')]).then(
      ([sdk, library]) => ({
        sdk,
        library,
        client: new sdk.S3Client({
          endpoint,
          region,
          credentials,
          forcePathStyle: pathStyle,
          // Streams would be sent in pieces of a framing that many stores keep as if it were content.
          requestChecksumCalculation: 'WHEN_REQUIRED',
          responseChecksumValidation: 'WHEN_REQUIRED',
        }),
      }),
    ));

  async function* pages(prefix: string, delimiter?: string): AsyncGenerator<Sdk.ListObjectsV2CommandOutput> {
    const { sdk, client } = await open();
    let token: string | undefined;
    do {
      const page: Sdk.ListObjectsV2CommandOutput = await client.send(
        new sdk.ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          ...(delimiter ? { Delimiter: delimiter } : {}),
          ...(token ? { ContinuationToken: token } : {}),
        }),
      );
      yield page;
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  const storage: Storage = {
    // Folders are no things there.
    prepare: async (prefixes) => prefixes.forEach(checkedPrefix),

    async removeAll(prefix) {
      const { sdk, client } = await open();
      // One by one: the request for many at once needs a checksum whose kind stores do not agree on.
      for await (const { Contents = [] } of pages(checkedPrefix(prefix))) {
        const left = Contents.flatMap(({ Key }) => Key ?? []);
        const worker = async () => {
          for (let key = left.pop(); key !== undefined; key = left.pop())
            await client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: key }));
        };
        await Promise.all(Array.from({ length: REMOVED_AT_ONCE }, worker));
      }
    },

    async list(prefix) {
      const names: string[] = [];
      for await (const page of pages(checkedPrefix(prefix), '/')) {
        for (const { Prefix = '' } of page.CommonPrefixes ?? []) names.push(Prefix.slice(prefix.length, -1));
        for (const { Key = '' } of page.Contents ?? [])
          if (Key !== prefix) names.push(Key.slice(prefix.length));
      }
      return names;
    },

    async write(key, source, { signal, contentType } = {}) {
      checkedKey(key);
      const { library, client } = await open();
      signal?.throwIfAborted();
      let bytes = 0;
      let failure: { error: unknown } | undefined;
      const counted = async function* () {
        try {
          for await (const piece of source as AsyncIterable<Buffer>) {
            bytes += piece.length;
            passedSlowly(piece.length);
            yield piece;
          }
        } catch (error) {
          failure = { error };
          throw error;
        }
      };
      const upload = new library.Upload({
        client,
        params: {
          Bucket: bucket,
          Key: key,
          Body: Readable.from(counted(), { objectMode: false }),
          ...(contentType ? { ContentType: contentType } : {}),
        },
        partSize: PART,
        queueSize: PARTS_AT_ONCE,
      });
      const abort = () => {
        source.destroy(signal?.reason as Error);
        upload.abort().catch(() => {});
      };
      signal?.addEventListener('abort', abort, { once: true });
      try {
        await upload.done();
      } catch (error) {
        source.destroy();
        // Not what the store says to the end of an upload that the source has spoiled.
        throw signal?.aborted ? signal.reason : (failure?.error ?? error);
      } finally {
        signal?.removeEventListener('abort', abort);
      }
      return { bytes };
    },

    async read(key, { start, end } = {}) {
      const { sdk, client } = await open();
      const whole = start === undefined && end === undefined;
      try {
        const { Body } = await client.send(
          new sdk.GetObjectCommand({
            Bucket: bucket,
            Key: checkedKey(key),
            ...(whole ? {} : { Range: `bytes=${start ?? 0}-${end ?? ''}` }),
          }),
        );
        return Body as Readable;
      } catch (error) {
        throw isAbsent(error) ? new NotStored(key) : error;
      }
    },

    async stat(key) {
      const { sdk, client } = await open();
      try {
        const head = await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: checkedKey(key) }));
        return { bytes: head.ContentLength ?? 0, modifiedAt: head.LastModified ?? new Date(0) };
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    },

    async remove(key) {
      const { sdk, client } = await open();
      await client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: checkedKey(key) }));
    },

    async copy(from, to) {
      const { sdk, client } = await open();
      checkedKey(to);
      const found = await storage.stat(from);
      if (!found) throw new NotStored(from);
      if (found.bytes > LARGEST_COPY) {
        await storage.write(to, await storage.read(from));
        return;
      }
      await client.send(
        new sdk.CopyObjectCommand({ Bucket: bucket, CopySource: `${bucket}/${from}`, Key: to }),
      );
    },

    async *keys(prefix) {
      for await (const { Contents = [] } of pages(checkedPrefix(prefix)))
        for (const { Key = '', Size = 0 } of Contents) if (isKey(Key)) yield { key: Key, bytes: Size };
    },

    async removeUnfinished(since) {
      const before = new Date(since.getTime() - LONGEST_WRITE);
      const { sdk, client } = await open();
      let removed = 0;
      let marker: { KeyMarker?: string; UploadIdMarker?: string } | null = {};
      while (marker) {
        const page: Sdk.ListMultipartUploadsCommandOutput = await client.send(
          new sdk.ListMultipartUploadsCommand({ Bucket: bucket, ...marker }),
        );
        for (const { Key = '', UploadId, Initiated } of page.Uploads ?? []) {
          if (!isKey(Key) || UploadId === undefined || !Initiated || Initiated >= before) continue;
          await client.send(new sdk.AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
          removed += 1;
        }
        marker = page.IsTruncated
          ? {
              ...(page.NextKeyMarker ? { KeyMarker: page.NextKeyMarker } : {}),
              ...(page.NextUploadIdMarker ? { UploadIdMarker: page.NextUploadIdMarker } : {}),
            }
          : null;
      }
      return { removed };
    },
  };
  return storage;
}
