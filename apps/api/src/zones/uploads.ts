import { Readable } from 'node:stream';
import multipart, { type MultipartFile } from '@fastify/multipart';
import type { RouteContract } from '@preau/contracts/define-route';
import type { FastifyPluginAsync, FastifyRequest, RouteOptions } from 'fastify';
import { AppError } from '../platform/app-error.ts';
import { validatorCompiler } from '../platform/validation.ts';
import type { Upload } from '../features/define-feature.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a route that takes a file takes. */
    upload?: NonNullable<RouteContract['upload']>;
  }
}

const tooLarge = (limit: number) => new AppError('payload_too_large', { details: { limit } });

/** What comes, up to a number of bytes. Read only as it is asked for: a failure finds somebody who waits. */
async function* atMost(content: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > limit) throw tooLarge(limit);
    yield chunk;
  }
}

/** The file of a form, whose reader stops without a word where it is too large. */
async function* untruncated({ file }: MultipartFile, limit: number): AsyncGenerator<Buffer> {
  yield* file as AsyncIterable<Buffer>;
  if (file.truncated) throw tooLarge(limit);
}

/**
 * A scope of its own for a route that takes a file, so that no other route understands forms and answers 415. The file
 * is handed on as it comes in: its size never is memory.
 */
export function takeUploads(
  upload: NonNullable<RouteContract['upload']>,
  route: RouteOptions,
): FastifyPluginAsync {
  return async (scope) => {
    await scope.register(multipart, {
      limits: { files: 1, fields: 0, fileSize: upload.maxBytes, headerPairs: 20 },
    });
    if (upload.types.length > 0)
      scope.addContentTypeParser([...upload.types], (_request, payload, done) => done(null, payload));
    scope.route({
      ...route,
      config: { ...route.config, upload },
      schema: {
        ...route.schema,
        // For the documentation; what comes is not an object.
        body: {
          type: 'object',
          properties: { ...upload.fields, file: { type: 'string', format: 'binary' } },
        },
      },
      validatorCompiler: (schema) =>
        schema.httpPart === 'body' ? () => true : validatorCompiler(schema as never),
    });
  };
}

/** The file of a request. Throws `file_expected`. */
export async function uploadOf(request: FastifyRequest): Promise<Upload> {
  const { upload } = request.routeOptions.config;
  if (!upload) throw new Error('A route that takes no file was asked for one');
  if (request.isMultipart()) {
    const part = await request.file();
    if (part) return { name: part.filename, content: untruncated(part, upload.maxBytes) };
  } else if (request.body instanceof Readable)
    return { name: '', content: atMost(request.body, upload.maxBytes) };
  throw new AppError('file_expected', { details: { types: upload.types } });
}
