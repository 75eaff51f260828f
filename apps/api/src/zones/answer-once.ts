import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Idempotency } from '../platform/idempotency.ts';

const actorKey = ({ actor, place }: FastifyRequest): string =>
  `${actor.type}:${actor.id}@${place?.host ?? ''}`;

/** Carries out a request that has an `Idempotency-Key` once, and answers its repetitions with the first answer. */
export async function answerOnce(
  idempotency: Idempotency,
  key: string,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: () => Promise<unknown>,
): Promise<unknown> {
  const actor = actorKey(request);
  const before = await idempotency.begin(
    actor,
    key,
    `${request.method} ${request.url} ${JSON.stringify(request.body ?? null)}`,
  );
  if (before) {
    return reply
      .code(before.status)
      .header('idempotency-replayed', 'true')
      .type('application/json; charset=utf-8')
      .serializer(String)
      .send(before.body);
  }
  try {
    const value = await answer();
    await idempotency.finish(actor, key, { status: reply.statusCode, body: JSON.stringify(value ?? null) });
    return value;
  } catch (error) {
    await idempotency.release(actor, key).catch(() => {});
    throw error;
  }
}
