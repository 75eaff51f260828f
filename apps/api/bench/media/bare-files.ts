import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import multipart from '@fastify/multipart';
import Fastify from 'fastify';

/** Peer of uploads and downloads: the same framework and form reader with nothing between them and the store. */

const { BENCH_FOLDER = '', BENCH_S3 = '', PORT } = process.env;
const path = join(BENCH_FOLDER, 'bare.bin');
const place = BENCH_S3 ? (JSON.parse(BENCH_S3) as { bucket: string; client: object }) : null;
const client = place ? new S3Client(place.client) : null;
const object = { Bucket: place?.bucket ?? '', Key: 'bare.bin' };

const app = Fastify({ requestTimeout: 0 });
await app.register(multipart, { limits: { fileSize: 1024 ** 4 } });
app.get('/ready', () => 'ready');
app.post('/files', async (request) => {
  const part = await request.file();
  if (!part) throw new Error('No file');
  if (client)
    await new Upload({
      client,
      params: { ...object, Body: part.file },
      partSize: 8 * 1024 ** 2,
      queueSize: 2,
    }).done();
  else await pipeline(part.file, createWriteStream(path));
  return { bytes: part.file.bytesRead };
});
app.get('/files', async (_request, reply) => {
  if (client) {
    const { Body, ContentLength } = await client.send(new GetObjectCommand(object));
    return reply.header('content-length', ContentLength).send(Body);
  }
  return reply.header('content-length', (await stat(path)).size).send(createReadStream(path));
});
app.delete('/files', async () => {
  rmSync(path, { force: true });
  return {};
});
await app.listen({ port: Number(PORT), host: '127.0.0.1' });
process.on('SIGTERM', () => process.exit(0));
