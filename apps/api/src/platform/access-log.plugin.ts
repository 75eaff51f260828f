import { performance } from 'node:perf_hooks';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Loggers } from './logger.ts';
import type { Metrics } from './metrics.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Id of the school at this address, for the log. */
    tenantId: string | null;
  }
  interface FastifyInstance {
    /** Notes when a request came in, and writes its line when it is answered. To be called first of all. */
    expectAnswer(request: FastifyRequest, reply: FastifyReply): void;
  }
}

export interface Answered {
  id: string;
  tenant: string | null;
  method: string;
  /** Its template and not its path, since paths hold invitation tokens and ids, and queries hold what people search for. */
  route: string;
  status: number;
  /** What it took. */
  ms: number;
}

/** Is told of every answer. */
export type AnswerSink = (answered: Answered) => void;

/**
 * The line of one request: method, route, status, milliseconds, request id, school.
 *
 * It is put together here and not by a logger, which would spend a tenth of a theme's request on it: no value in it was
 * sent by a person, so that nothing need be escaped or hidden (the parser knows the methods, ids are UUIDs).
 */
export function accessLine({ id, tenant, method, route, status, ms }: Answered): string {
  const school = tenant === null ? 'null' : `"${tenant}"`;
  return (
    `{"level":30,"time":${Date.now()},"req_id":"${id}","tenant":${school},"method":"${method}",` +
    `"route":"${route}","status":${status},"ms":${Math.round(ms * 100) / 100}}\n`
  );
}

/** Writes each answer's line, and counts it. */
export const createAnswerSink =
  (write: Loggers['access'], { answered: count }: Pick<Metrics, 'answered'>): AnswerSink =>
  (answered) => {
    count(answered);
    write?.(accessLine(answered));
  };

export const accessLogPlugin = fp<{ tell: AnswerSink }>(
  async (app, { tell }) => {
    app.decorateRequest('tenantId', null);
    app.decorate('expectAnswer', (request: FastifyRequest, { raw }: FastifyReply): void => {
      const cameAt = performance.now();
      raw.once('finish', () => {
        const { id, tenantId: tenant, method } = request;
        const route = request.routeOptions.url ?? '(page)';
        tell({ id, tenant, method, route, status: raw.statusCode, ms: performance.now() - cameAt });
      });
    });
  },
  { name: 'access-log' },
);
