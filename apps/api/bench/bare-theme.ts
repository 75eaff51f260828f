import Fastify from 'fastify';
import { readFileSync } from 'node:fs';

/** Peer of the theme: Fastify with nothing added, sending the bytes that were taken from the product. */

const { BENCH_ANSWER = '', PORT } = process.env;
const { path, headers, body } = JSON.parse(readFileSync(BENCH_ANSWER, 'utf8')) as {
  path: string;
  headers: Record<string, string>;
  body: string;
};

const app = Fastify({ logger: false });
app.get(path, (_request, reply) => {
  reply.headers(headers).send(body);
});
await app.listen({ port: Number(PORT), host: '127.0.0.1' });
