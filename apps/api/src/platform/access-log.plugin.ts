import { performance } from 'node:perf_hooks';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Loggers } from './logger.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Id of the school at this address, for the log. */
    tenantId: string | null;
    /** Milliseconds of the process's clock when it came in. */
    cameAt: number;
  }
  interface FastifyInstance {
    /** Notes when a request came in, and that its line is to be written. To be called first of all. */
    expectAnswer(request: FastifyRequest, reply: FastifyReply): void;
    /** Writes the line of a request that is answered. Every answer but those of ready bytes does so by itself. */
    logAnswer(request: FastifyRequest, reply: FastifyReply): void;
  }
}

const ignore = () => {};

/**
 * One line a request: method, route, status, milliseconds, request id, school. The route's template and not the path, since
 * paths hold invitation tokens and ids, and queries hold what people search for.
 *
 * The line is put together here and not by a logger, which would spend a tenth of a theme's request on it: no value in it
 * was sent by a person, so that nothing need be escaped or hidden (the parser knows the methods, ids are UUIDs). For the
 * same reason no route listens to the end of its answer that can write the line when it has given it out.
 */
export const accessLogPlugin = fp<{ write: Loggers['access'] }>(
  async (app, { write }) => {
    app.decorateRequest('tenantId', null);
    app.decorateRequest('cameAt', 0);
    const logAnswer = (request: FastifyRequest, reply: FastifyReply): void => {
      const tenant = request.tenantId === null ? 'null' : `"${request.tenantId}"`;
      write?.(
        `{"level":30,"time":${Date.now()},"req_id":"${request.id}","tenant":${tenant},"method":"${request.method}",` +
          `"route":"${request.routeOptions.url ?? '(page)'}","status":${reply.raw.statusCode},` +
          `"ms":${(performance.now() - request.cameAt).toFixed(2)}}\n`,
      );
    };
    const expectAnswer = (request: FastifyRequest, reply: FastifyReply): void => {
      request.cameAt = performance.now();
      if (!request.routeOptions.config.readyBytes) reply.raw.once('finish', () => logAnswer(request, reply));
    };
    app.decorate('logAnswer', write ? logAnswer : ignore);
    app.decorate('expectAnswer', write ? expectAnswer : ignore);
  },
  { name: 'access-log' },
);
