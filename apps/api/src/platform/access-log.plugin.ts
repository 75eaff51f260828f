import fp from 'fastify-plugin';
import type { Loggers } from './logger.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Id of the school at this address, for the log. */
    tenantId: string | null;
  }
}

/**
 * One line a request: method, route, status, milliseconds, request id, school. The route's template and not the path, since
 * paths hold invitation tokens and ids, and queries hold what people search for.
 *
 * The line is put together here and not by the logger, which would spend a tenth of a theme's request on it: no value in it
 * was sent by a person, so that nothing need be escaped or hidden (the parser knows the methods, ids are UUIDs).
 */
export const accessLogPlugin = fp<{ write: Loggers['access'] }>(
  async (app, { write }) => {
    app.decorateRequest('tenantId', null);
    if (!write) return;
    app.addHook('onResponse', (request, reply, done) => {
      const tenant = request.tenantId === null ? 'null' : `"${request.tenantId}"`;
      write(
        `{"level":30,"time":${Date.now()},"req_id":"${request.id}","tenant":${tenant},"method":"${request.method}",` +
          `"route":"${request.routeOptions.url ?? '(page)'}","status":${reply.statusCode},"ms":${reply.elapsedTime.toFixed(2)}}\n`,
      );
      done();
    });
  },
  { name: 'access-log' },
);
