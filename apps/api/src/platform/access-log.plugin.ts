import { performance } from 'node:perf_hooks';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Loggers } from './logger.ts';

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
  /** Milliseconds of the process's clock when it came in. */
  cameAt: number;
}

/**
 * The line of one request: method, route, status, milliseconds, request id, school.
 *
 * It is put together here and not by a logger, which would spend a tenth of a theme's request on it: no value in it was
 * sent by a person, so that nothing need be escaped or hidden (the parser knows the methods, ids are UUIDs).
 */
export function accessLine({ id, tenant, method, route, status, cameAt }: Answered): string {
  const school = tenant === null ? 'null' : `"${tenant}"`;
  const ms = Math.round((performance.now() - cameAt) * 100) / 100;
  return (
    `{"level":30,"time":${Date.now()},"req_id":"${id}","tenant":${school},"method":"${method}",` +
    `"route":"${route}","status":${status},"ms":${ms}}\n`
  );
}

export const accessLogPlugin = fp<{ write: Loggers['access'] }>(
  async (app, { write }) => {
    app.decorateRequest('tenantId', null);
    app.decorate('expectAnswer', (request: FastifyRequest, { raw }: FastifyReply): void => {
      if (!write) return;
      const cameAt = performance.now();
      raw.once('finish', () => {
        const { id, tenantId: tenant, method } = request;
        const route = request.routeOptions.url ?? '(page)';
        write(accessLine({ id, tenant, method, route, status: raw.statusCode, cameAt }));
      });
    });
  },
  { name: 'access-log' },
);
