import { TenantBusyError } from '@preau/tenancy';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Logger } from 'pino';
import { ERRORS, FIELD_ERRORS, fillSentence, type ErrorCode } from '@preau/contracts/error-codes';
import type { Problem } from '@preau/contracts/fields';
import { preferredLanguage } from '@preau/contracts/languages';
import type { Language } from '@preau/contracts/vocabulary';
import { AppError } from './app-error.ts';
import { isDatabaseUnavailable } from './database-errors.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Where failures that are nobody's fault but ours are told; absent before the plugin is there. */
    problemLog?: Logger;
  }
}

/** What Fastify itself refuses, in the application's words. */
const FASTIFY_CODES: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad_request',
  FST_REQ_FILE_TOO_LARGE: 'payload_too_large',
  FST_FILES_LIMIT: 'bad_request',
  FST_FIELDS_LIMIT: 'bad_request',
  FST_PARTS_LIMIT: 'bad_request',
  FST_PROTO_VIOLATION: 'bad_request',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'bad_request',
  FST_MP_PREMATURE_CLOSE: 'bad_request',
  FST_ERR_BAD_URL: 'not_found',
  FST_ERR_MAX_PARAM_LENGTH: 'uri_too_long',
};

/** Turns whatever was thrown into the application's error; an error of no known kind is a bug. */
export function toAppError(
  error: FastifyError | AppError | Error,
  request?: Pick<FastifyRequest, 'routeOptions'>,
): AppError {
  if (error instanceof AppError) return error;
  const code = FASTIFY_CODES[(error as FastifyError).code];
  if (code) return new AppError(code, { cause: error, details: { limit: request?.routeOptions.bodyLimit } });
  if (error instanceof SyntaxError && (error as FastifyError).statusCode === 400)
    return new AppError('malformed_json', { cause: error });
  if (error instanceof TenantBusyError)
    return new AppError('tenant_busy', {
      cause: error,
      details: { retry_after: error.retryAfter },
      headers: { 'retry-after': String(error.retryAfter) },
    });
  if (isDatabaseUnavailable(error))
    return new AppError('service_unavailable', { cause: error, headers: { 'retry-after': '2' } });
  return new AppError('internal_error', { cause: error });
}

/** The problem document (RFC 9457) of an error, in the reader's language. */
export function problemOf(error: AppError, language: Language, requestId: string): Problem {
  const { status, title, detail } = ERRORS[error.code];
  const { details, errors, extensions } = error.options;
  return {
    type: `/problems/${error.code}`,
    title: title[language],
    status,
    detail: fillSentence(detail[language], details),
    code: error.code,
    request_id: requestId,
    ...(errors
      ? {
          errors: errors.map(({ path, code, values }) => ({
            path,
            code,
            message: fillSentence(FIELD_ERRORS[code][language], values),
          })),
        }
      : {}),
    ...extensions,
  };
}

/** Answers with the problem document of whatever was thrown. */
export function answerProblem(thrown: Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = toAppError(thrown, request);
  const { status } = ERRORS[error.code];
  if (status >= 500)
    request.server.problemLog?.error(
      { req_id: request.id, code: error.code, err: error.options.cause ?? error },
      'request failed',
    );
  const language = preferredLanguage(request.headers['accept-language']);
  return reply
    .code(status)
    .headers({
      'cache-control': 'no-store',
      'content-language': language,
      // RFC 9110 §11.6.1: a 401 says by what scheme one may come back.
      ...(status === 401 ? { 'www-authenticate': 'Api-Key' } : {}),
      ...error.options.headers,
    })
    .type('application/problem+json; charset=utf-8')
    .serializer((payload) => JSON.stringify(payload))
    .send(problemOf(error, language, request.id));
}

export const problemsPlugin = fp<{ logger: Logger }>(
  async (app, { logger }) => {
    app.decorate('problemLog', logger);
    app.setErrorHandler(answerProblem);
  },
  { name: 'problems' },
);
