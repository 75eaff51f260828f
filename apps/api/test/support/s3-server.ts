import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { parseStorageUrl } from '../../src/platform/storage/storage-place.ts';
import type { StoragePlace } from '../../src/platform/storage/storage.ts';

export interface S3Server {
  url: string;
  place: Extract<StoragePlace, { kind: 's3' }>;
  close(): Promise<void>;
}

const BUCKET = 'preau-files';

/** It hides where the next page begins by DES, which the OpenSSL of today has not: said in the open instead. */
function doWithoutDes(): void {
  const crypto = createRequire(import.meta.url)('node:crypto') as Record<string, unknown>;
  const open = { update: (text: Buffer | string) => Buffer.from(text), final: () => Buffer.alloc(0) };
  for (const name of ['createCipheriv', 'createDecipheriv']) {
    const known = crypto[name] as (algorithm: string, ...rest: unknown[]) => unknown;
    crypto[name] = (algorithm: string, ...rest: unknown[]) =>
      algorithm === 'des' ? open : known(algorithm, ...rest);
  }
}

/** What the package leaves out of S3: unfinished uploads are told of and removed, and keys come in order. */
function complete(server: S3rver, directory: string): void {
  const uploads = join(directory, BUCKET, '._S3rver_uploads');
  const unfinished = () => {
    try {
      return readdirSync(uploads);
    } catch {
      return [];
    }
  };
  server.middleware.unshift(async (ctx, next) => {
    const { method, query } = ctx;
    if (method === 'DELETE' && query['uploadId'] !== undefined) {
      rmSync(join(uploads, query['uploadId']), { recursive: true, force: true });
      ctx.status = 204;
    } else if (method === 'GET' && query['uploads'] !== undefined) {
      const listed = unfinished().map((id) => {
        const folder = join(uploads, id);
        const began = statSync(folder).birthtime.toISOString();
        return `<Upload><Key>${readFileSync(join(folder, 'key'), 'utf8')}</Key><UploadId>${id}</UploadId><Initiated>${began}</Initiated></Upload>`;
      });
      ctx.type = 'application/xml';
      ctx.body = `<ListMultipartUploadsResult>${listed.join('')}<IsTruncated>false</IsTruncated></ListMultipartUploadsResult>`;
    } else await next();
  });
  const { store } = server;
  const list = store.listObjects.bind(store);
  store.listObjects = async (bucket, options) => {
    const { objects, commonPrefixes } = await list(bucket, { ...options, maxKeys: Infinity });
    const sorted = objects.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    return {
      objects: sorted.slice(0, options.maxKeys),
      commonPrefixes,
      isTruncated: sorted.length > options.maxKeys,
    };
  };
  // It takes an end of 0 for none; this one is truer to it.
  const get = store.getObject.bind(store);
  store.getObject = (bucket, key, options) =>
    get(bucket, key, options?.end === 0 ? { ...options, end: Object(0) as number } : options);
  // Two at once find each other's empty folders gone.
  const remove = store.deleteObject.bind(store);
  let last = Promise.resolve();
  store.deleteObject = (bucket, key) => (last = last.then(() => remove(bucket, key)));
}

/** An S3 server of this process, with one empty bucket. */
export async function startS3Server(parent = tmpdir()): Promise<S3Server> {
  doWithoutDes();
  const directory = mkdtempSync(join(parent, 'preau-test-s3-'));
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: BUCKET, configs: [] }],
  });
  complete(server, directory);
  const { port } = await server.run();
  return {
    url: `s3://S3RVER:S3RVER@127.0.0.1:${port}/${BUCKET}?path_style=1&tls=0`,
    place: {
      kind: 's3',
      endpoint: `http://127.0.0.1:${port}`,
      bucket: BUCKET,
      region: 'us-east-1',
      pathStyle: true,
      // What it takes from anybody.
      credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    },
    async close() {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The bucket that `TEST_S3_URL` names, an empty one; without it a server of this process. */
export async function chooseS3Server(): Promise<S3Server> {
  const url = process.env['TEST_S3_URL'];
  if (!url) return startS3Server();
  const place = parseStorageUrl(url);
  if (place.kind !== 's3') throw new Error('TEST_S3_URL names no bucket');
  return { url, place, close: async () => {} };
}
