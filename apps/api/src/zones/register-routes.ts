import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type { RouteContract } from '@preau/contracts/define-route';
import { ERRORS, type ErrorCode } from '@preau/contracts/error-codes';
import { PERMISSIONS } from '@preau/contracts/permissions';
import { AppError } from '../platform/app-error.ts';
import type { Idempotency } from '../platform/idempotency.ts';
import { problemSchemaFor } from '../platform/openapi.plugin.ts';
import { NOT_MODIFIED } from '../platform/versions.ts';
import type { KnownDevices } from '../features/identity/index.ts';
import type { Services } from '../services.ts';
import type { BoundRoute } from '../features/define-feature.ts';
import { answerOnce } from './answer-once.ts';
import type { Attempts } from './attempts.ts';
import { RequestCall } from './call.ts';
import { takeUploads } from './uploads.ts';
import { guardRoute } from './guard.ts';
import type { Place, PlaceFinder } from './place.ts';
import { refuseChange } from './refusals.ts';
import { livesAt, movedTo } from './zones.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route of the application has one; see {@link refuseUndeclaredRoutes}. */
    contract?: Pick<RouteContract, 'zone' | 'permission' | 'name'>;
  }
}

const ZONES = new Set(['platform', 'tenant', 'public']);

/** Stops the start of an application in which a route does not say where it lives and who may call it. */
export function refuseUndeclaredRoutes(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const contract = route.config?.contract;
    const known =
      contract &&
      ZONES.has(contract.zone) &&
      (contract.permission === 'anyone' ||
        contract.permission === 'authenticated' ||
        Object.hasOwn(PERMISSIONS, contract.permission));
    if (!known)
      throw new Error(`Route ${String(route.method)} ${route.url} declares no known zone and permission`);
  });
}

/** Codes a route can answer because of what it declares. */
function errorsOf(contract: RouteContract): ErrorCode[] {
  const codes: ErrorCode[] = [
    'tenant_not_found',
    'internal_error',
    'service_unavailable',
    ...(contract.errors ?? []),
  ];
  if (contract.permission !== 'anyone') codes.push('not_authenticated', 'permission_denied');
  if (contract.permission !== 'anyone' && !contract.duringEnrolment) codes.push('second_factor_missing');
  if (contract.body || contract.query || contract.method === 'POST') codes.push('invalid_input');
  if (contract.body || contract.upload) codes.push('payload_too_large', 'unsupported_media_type');
  if (contract.params || contract.zone !== 'public') codes.push('not_found');
  if (contract.zone === 'tenant') codes.push('tenant_inactive', 'tenant_busy');
  if (contract.module) codes.push('module_disabled');
  if (contract.etag && contract.method !== 'GET') codes.push('precondition_failed');
  if (contract.rateLimit || contract.attempts) codes.push('too_many_requests');
  if (contract.method === 'POST') codes.push('idempotency_mismatch');
  return codes;
}

function responsesOf(contract: RouteContract): Record<string, unknown> {
  const { status, schema, events, file } = contract.success;
  const byStatus = Map.groupBy(new Set(errorsOf(contract)), (code) => ERRORS[code].status);
  const responses: Record<string, unknown> = {
    [status]: events
      ? { description: 'Server-sent events', content: { 'text/event-stream': { schema } } }
      : file
        ? { description: 'A file', content: { [file]: { schema } } }
        : (schema ?? { type: 'null', description: 'No content' }),
  };
  if (contract.also) responses[contract.also.status] = contract.also.schema;
  for (const [errorStatus, codes] of byStatus) responses[errorStatus] = problemSchemaFor(codes);
  return responses;
}

/** A route that takes no body refuses the fields of one, so that none is taken for granted. */
function fieldsNobodyTakes(body: unknown): AppError | undefined {
  const fields = typeof body === 'object' && body !== null ? Object.keys(body) : [];
  if (fields.length === 0) return undefined;
  return new AppError('invalid_input', { errors: fields.map((path) => ({ path, code: 'unknown_field' })) });
}

/**
 * Whose attempts are counted together: those of one address on one account of one host. A whole school logs in from one
 * address, so that an address alone says too little; and a browser that has been in the account is counted by itself, so that
 * nobody beside it keeps it out.
 */
const attemptKey =
  ({ knows }: KnownDevices) =>
  ({ ip, place, body, routeOptions, headers }: FastifyRequest): string => {
    const email = (body as { email?: string } | null | undefined)?.email?.trim().toLowerCase() ?? '';
    const device = email === '' ? null : knows(headers.cookie, email);
    return [routeOptions.url, device ?? ip, place?.host, email].join('|');
  };

export interface RegisterOptions {
  places: PlaceFinder;
  services: Services;
  idempotency: Idempotency;
  attempts: Attempts;
}

/** Registers a feature's routes: guard, validation, handler, and the answers the documentation shows. */
export function registerRoutes(
  app: FastifyInstance,
  routes: readonly BoundRoute[],
  { places, services, idempotency, attempts }: RegisterOptions,
): void {
  for (const { contract, handler } of routes) {
    const bodyOptional =
      contract.body !== undefined && !(contract.body as { required?: string[] }).required?.length;
    const repeatable = contract.method === 'POST' && contract.permission !== 'anyone';

    const options: RouteOptions = {
      method: contract.method,
      url: contract.path,
      onRequest: guardRoute(contract, places, services),
      schema: {
        operationId: contract.name,
        summary: contract.summary,
        tags: [contract.tag],
        ...(contract.params ? { params: contract.params } : {}),
        ...(contract.query ? { querystring: contract.query } : {}),
        ...(contract.headers ? { headers: contract.headers } : {}),
        ...(contract.body ? { body: contract.body } : {}),
        response: responsesOf(contract),
        ...({ 'x-zone': contract.zone, 'x-permission': contract.permission } as object),
      },
      config: {
        contract: { zone: contract.zone, permission: contract.permission, name: contract.name },
        ...(contract.rateLimit
          ? {
              rateLimit: {
                max: contract.rateLimit,
                timeWindow: '1 minute',
                hook: 'preHandler' as const,
                keyGenerator: attemptKey(services.knownDevices),
              },
            }
          : {}),
      },
      handler: async (request, reply) => {
        reply.code(contract.success.status).header('cache-control', 'no-store');
        const carryOut = () =>
          handler(new RequestCall(request, reply)).catch((error: unknown) =>
            refuseChange(services, request, contract, error),
          );
        const answer = () =>
          contract.attempts ? attempts.of(contract.attempts, request, carryOut) : carryOut();
        const key = request.headers['idempotency-key'];
        const value =
          repeatable && typeof key === 'string'
            ? await answerOnce(idempotency, key, request, reply, answer)
            : await answer();
        return value === NOT_MODIFIED ? reply.send() : value;
      },
    };
    if (bodyOptional) {
      options.preValidation = (request, _reply, done) => {
        request.body ??= {};
        done();
      };
    }
    if (contract.upload) {
      options.bodyLimit = contract.upload.maxBytes;
      options.schema = {
        ...options.schema,
        consumes: ['multipart/form-data', ...contract.upload.types],
      } as never;
      void app.register(takeUploads(contract.upload, options));
      continue;
    }
    if (contract.body === undefined && contract.method !== 'GET') {
      options.preValidation = (request, _reply, done) => done(fieldsNobodyTakes(request.body));
    }
    app.route(options);
  }
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** For every path that exists, at this place: 405 with `Allow` for other methods, and what OPTIONS asks for. */
export function refuseOtherMethods(
  app: FastifyInstance,
  contracts: readonly RouteContract[],
  { places, services: { base } }: Pick<RegisterOptions, 'places' | 'services'>,
): void {
  /** The methods that a path has at a place. Throws when there are none, or no place. */
  const allowed = (routes: readonly RouteContract[], place: Place | null, url: string): string => {
    if (!place) throw new AppError('misdirected_host');
    if (place.kind === 'unknown') throw new AppError('tenant_not_found');
    if (place.kind === 'moved') throw movedTo(place, base, url);
    const methods = new Set(routes.filter((route) => livesAt(route, place)).map(({ method }) => method));
    if (methods.size === 0) throw new AppError('not_found');
    return [...methods].join(', ');
  };
  // Routes of one place may call its parameter by different names.
  for (const routes of Map.groupBy(contracts, ({ path }) => path.replace(/:\w+/g, ':')).values()) {
    const taken = new Set(routes.map(({ method }) => method));
    app.route({
      method: [...METHODS.filter((method) => !taken.has(method)), 'OPTIONS'],
      url: routes[0]?.path ?? '',
      config: { contract: { zone: 'public', permission: 'anyone', name: 'methodNotAllowed' } },
      schema: { hide: true } as never,
      async onRequest(request, reply) {
        const allow = allowed(routes, await places.load(request.headers.host), request.url);
        if (request.method === 'OPTIONS') return reply.code(204).header('allow', allow).send();
        throw new AppError('method_not_allowed', { details: { allowed: allow }, headers: { allow } });
      },
      handler: () => undefined,
    });
  }
}
