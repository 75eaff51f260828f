import { createServer } from 'node:http';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Redis } from 'ioredis';
import type { BoundRoute } from './features/define-feature.ts';
import { features } from './features/index.ts';
import { tlsAskPlugin } from './features/domains/tls-ask.plugin.ts';
import { attachRealtime, type RealtimePart } from './features/realtime/index.ts';
import { healthPlugin } from './features/health/health.plugin.ts';
import { PLATFORM_THEME } from './features/current-tenant/index.ts';
import { faviconSvg } from './features/web-app/favicon.ts';
import { webAppPlugin } from './features/web-app/web-app.plugin.ts';
import { accessLogPlugin, createAnswerSink } from './platform/access-log.plugin.ts';
import { AppError } from './platform/app-error.ts';
import { createIdempotency } from './platform/idempotency.ts';
import type { Loggers } from './platform/logger.ts';
import { openapiPlugin } from './platform/openapi.plugin.ts';
import { answerProblem, problemsPlugin } from './platform/problems.plugin.ts';
import { requestId } from './platform/request-id.ts';
import { SECURITY_HEADERS } from './platform/security-headers.ts';
import { serializerCompiler } from './platform/serialization.ts';
import { expectBody } from './platform/slow-bodies.ts';
import { validatorCompiler } from './platform/validation.ts';
import type { Services } from './services.ts';
import { createAttempts } from './zones/attempts.ts';
import { createFrontDoor } from './zones/front-door.ts';
import { createPlaceFinder } from './zones/place.ts';
import { refuseOtherMethods, refuseUndeclaredRoutes, registerRoutes } from './zones/register-routes.ts';

export interface AppOptions {
  services: Services;
  secret: string;
  loggers: Omit<Loggers, 'flush'>;
  redis?: Redis | null;
  trustProxy?: string[] | false;
  /** Folder of the built application; tests may give another. */
  webRoot?: string;
  stopping?: () => boolean;
  /** What it answers: the routes of all features, unless a walker gives others. */
  routes?: readonly BoundRoute[];
  /** What it does with sockets, after the parts of all features. */
  realtime?: readonly RealtimePart[];
}

const BODY_LIMIT = 1024 * 1024;
const LISTENER = {
  // Node would answer a request without Host with an empty 400; a hook says what is missing.
  requireHostHeader: false,
  // Of two Host lines Node would take the first and a proxy perhaps the second: joined they are no host name.
  joinDuplicateHeaders: true,
  // A client that sends half a request would hold its connection, and the end of the process, for ever. Bodies have a time of
  // their own: a large file may take as long as its bytes keep coming.
  headersTimeout: 30_000,
  requestTimeout: 0,
  // Longer than the idle time of the usual proxies, so that none writes on a connection that is being closed.
  keepAliveTimeout: 72_000,
};
const headersOf = ({ id }: { id: string }) => ({ ...SECURITY_HEADERS, 'x-request-id': id });

/** Wires the application. Listens to nothing and reads no environment: tests build the same one. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const {
    services,
    secret,
    loggers,
    redis = null,
    trustProxy = false,
    webRoot,
    stopping = () => false,
    routes: bound = features.flatMap((feature) => feature.routes?.(services) ?? []),
    realtime = [],
  } = options;
  const places = createPlaceFinder(services.directory, services.base.domain);
  const tell = createAnswerSink(loggers.access, services.metrics);
  const answerReady = createFrontDoor({ routes: bound, places, tell, stopping });
  const app = Fastify({
    serverFactory: (handle) =>
      createServer(LISTENER, (request, response) => {
        if (!answerReady(request, response)) handle(request, response);
      }),
    // Fastify's own logging would make a logger and listen to the end of every request, hot ones too; what is to be said is
    // written by the plugins below.
    logger: false,
    genReqId: (request) => requestId(request),
    bodyLimit: BODY_LIMIT,
    trustProxy,
    // What the router refuses has met no hook.
    frameworkErrors: (error, request, reply) =>
      void answerProblem(error, request, reply.headers(headersOf(request))),
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 200 },
  }) as unknown as FastifyInstance;

  app.setValidatorCompiler(validatorCompiler as never);
  app.setSerializerCompiler(serializerCompiler as never);
  app.decorateRequest('place', null);
  app.decorateRequest('actor', null as never);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined);
    void app.getDefaultJsonParser('error', 'error')(request, body as string, done);
  });
  await app.register(accessLogPlugin, { tell });
  // One hook, since each costs every request.
  app.addHook('onRequest', (request, reply, done) => {
    app.expectAnswer(request, reply);
    expectBody(request);
    reply.headers(headersOf(request));
    const nameless = request.headers.host === undefined && request.raw.httpVersion === '1.1';
    done(nameless ? new AppError('missing_host') : undefined);
  });

  const sockets = attachRealtime(app.server, {
    services,
    places,
    presence: services.presence,
    parts: [...features.flatMap((feature) => feature.realtime?.(services) ?? []), ...realtime],
    logger: loggers.logger,
    trustProxy,
    redis,
  });
  app.addHook('preClose', () => sockets.close());
  // An open stream is a request under way, which closing waits for.
  app.addHook('preClose', async () => services.jobWatch.close());
  await app.register(problemsPlugin, { logger: loggers.logger });
  await app.register(healthPlugin, {
    tenancy: services.tenancy,
    migrator: services.migrator,
    redis,
    stopping,
  });
  await app.register(tlsAskPlugin, { places, trustProxy });
  await app.register(rateLimit, {
    global: false,
    enableDraftSpec: true,
    ...(redis ? { redis, skipOnError: true, nameSpace: 'preau:rate:' } : {}),
    errorResponseBuilder: (_request, { ttl }) => {
      const seconds = Math.max(1, Math.ceil(ttl / 1_000));
      return new AppError('too_many_requests', {
        details: { retry_after: seconds },
        headers: { 'retry-after': String(seconds) },
      });
    },
  });
  await app.register(openapiPlugin, { logo: faviconSvg(PLATFORM_THEME.value) });

  const idempotency = createIdempotency({ tenancy: services.tenancy, secret });
  const attempts = createAttempts({ redis, knows: services.knownDevices.knows });
  await app.register(
    async (api) => {
      refuseUndeclaredRoutes(api);
      registerRoutes(api, bound, { places, services, idempotency, attempts });
      refuseOtherMethods(
        api,
        bound.map(({ contract }) => contract),
        { places, services },
      );
      api.get(
        '/openapi.json',
        {
          config: { contract: { zone: 'public', permission: 'anyone', name: 'openapi' } },
          schema: { hide: true } as never,
        },
        () => app.swagger(),
      );
    },
    { prefix: '/api/v1' },
  );
  app.get('/swagger/', { schema: { hide: true } as never }, (_request, reply) =>
    reply.redirect('/api/v1/docs/', 302),
  );
  await app.register(webAppPlugin, { places, services, ...(webRoot ? { root: webRoot } : {}) });
  return app;
}
