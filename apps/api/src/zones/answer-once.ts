import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Idempotency } from '../platform/idempotency.ts';

const actorKey = ({ actor, place }: FastifyRequest): string =>
  `${actor.type}:${actor.id}@${place?.host ?? ''}`;

/** Headers of an answer that belong to it as much as its body. */
const KEPT_HEADERS = ['location', 'etag'] as const;

/** Milliseconds between the signs that a request is still carried out: an upload may take longer than a claim holds. */
const RENEWED_EVERY = 20_000;

/** What tells a request from another. An upload is not there to be compared: its size stands for it. */
const contentOf = ({ body, headers }: FastifyRequest): string =>
  body === undefined && headers['content-length'] !== undefined
    ? `${headers['content-length']} bytes`
    : JSON.stringify(body ?? null);

/** Carries out a request that has an `Idempotency-Key` once, and answers its repetitions with the first answer. */
export async function answerOnce(
  idempotency: Idempotency,
  key: string,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: () => Promise<unknown>,
): Promise<unknown> {
  const actor = actorKey(request);
  // One address with and without its last slash.
  const address = request.url.replace(/\/+(?=$|\?)/, '');
  const before = await idempotency.begin(actor, key, `${request.method} ${address} ${contentOf(request)}`);
  if (before) {
    const { headers, value } = JSON.parse(before.body) as { headers: Record<string, string>; value: unknown };
    reply.code(before.status).headers({ ...headers, 'idempotency-replayed': 'true' });
    return value;
  }
  const renewal = setInterval(() => {
    idempotency.renew(actor, key).catch(() => {});
  }, RENEWED_EVERY).unref();
  const value = await answer()
    .catch(async (error: unknown) => {
      await idempotency.release(actor, key).catch(() => {});
      throw error;
    })
    .finally(() => clearInterval(renewal));
  // Not given back when this fails: the request has been carried out.
  const headers = Object.fromEntries(KEPT_HEADERS.map((name) => [name, reply.getHeader(name)]));
  await idempotency.finish(actor, key, {
    status: reply.statusCode,
    body: JSON.stringify({ headers, value }),
  });
  return value;
}
