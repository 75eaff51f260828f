import fp from 'fastify-plugin';
import type { Logger } from 'pino';

declare module 'fastify' {
  interface FastifyRequest {
    /** Id of the school at this address, for the log. */
    tenantId: string | null;
  }
}

export interface AccessLogOptions {
  logger: Logger;
}

/**
 * One line a request: method, route, status, milliseconds, request id, school. The route's template and not the path, since
 * paths hold invitation tokens and ids, and queries hold what people search for.
 */
export const accessLogPlugin = fp<AccessLogOptions>(
  async (app, { logger }) => {
    app.decorateRequest('tenantId', null);
    if (!logger.isLevelEnabled('info')) return;
    app.addHook('onResponse', (request, reply, done) => {
      logger.info({
        req_id: request.id,
        tenant: request.tenantId,
        method: request.method,
        route: request.routeOptions.url ?? '(page)',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 100) / 100,
      });
      done();
    });
  },
  { name: 'access-log' },
);
