import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyRequest {
    /** Id of the school at this address, for the log. */
    tenantId: string | null;
  }
}

/** One line a request: method, route, status, milliseconds, request id, school. */
export const accessLogPlugin = fp(
  async (app) => {
    app.decorateRequest('tenantId', null);
    if (app.log.level === 'silent') return;
    app.addHook('onResponse', (request, reply, done) => {
      request.log.info({
        req_id: request.id,
        tenant: request.tenantId,
        method: request.method,
        url: request.url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 100) / 100,
      });
      done();
    });
  },
  { name: 'access-log' },
);
