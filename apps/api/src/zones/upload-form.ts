import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Type, type TSchema } from 'typebox';
import { AppError } from '../platform/app-error.ts';
import { formFailure } from '../platform/form-failure.ts';
import { validateBody } from '../platform/validation.ts';
import type { FormFile } from '../features/define-feature.ts';

/** Fields and headers that come before a file; a form with more of them tells less of its size beforehand. */
const HEAD = 64 * 1024;
/** A field of a form. */
const FIELD = 16 * 1024;
/** What a refused sender may still send, so that it hears the refusal rather than a cut line. */
const LINGER = 64 * 1024 ** 2;
/** Milliseconds that an answer waits for that. */
const PATIENCE = 5_000;

const boundaryOf = (type = ''): string =>
  /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type)?.slice(1).find(Boolean) ?? '';

/**
 * How many bytes the files of a form have, from the first one's first byte on, before they are there: exact where there is one
 * file and nothing after it, else a little more. Null where the sender did not tell the length of the form.
 */
export function announcedBytes(
  head: Buffer,
  length: number,
  boundary: string,
  fields: number,
): number | null {
  if (!Number.isSafeInteger(length) || boundary === '') return null;
  let at = head.indexOf(`--${boundary}`);
  for (let field = 0; field < fields && at >= 0; field += 1) at = head.indexOf(`\r\n--${boundary}`, at + 1);
  const content = at < 0 ? -1 : head.indexOf('\r\n\r\n', at + 2);
  if (content < 0) return null;
  return Math.max(0, length - (content + 4) - `\r\n--${boundary}--\r\n`.length);
}

type Fields = Readonly<Record<string, TSchema>>;

// One schema a route, since a compiled one is kept for each.
const NO_FIELDS: Fields = {};
const schemas = new WeakMap<Fields, TSchema>();
function formSchema(fields: Fields): TSchema {
  const schema =
    schemas.get(fields) ??
    Type.Object(
      Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, Type.Optional(field)])),
      { additionalProperties: false },
    );
  schemas.set(fields, schema);
  return schema;
}

/** The files of a form as they come in, each with the fields that came before it. */
export async function* filesOf(request: FastifyRequest): AsyncGenerator<FormFile> {
  const { upload } = request.routeOptions.config;
  if (!upload?.files) throw new Error('A route that takes no files was asked for them');
  if (!request.isMultipart())
    throw new AppError('file_expected', { details: { types: 'multipart/form-data' } });
  const { raw } = request;
  const heads: Buffer[] = [];
  let kept = 0;
  // Heard before the parser hears it: when it tells of a file, the file's first byte is in here.
  const listen = (piece: Buffer) => {
    heads.push(piece);
    kept += piece.length;
    if (kept >= HEAD) raw.off('data', listen);
  };
  raw.on('data', listen);
  const known: Record<string, string> = {};
  let fields = 0;
  let files = 0;
  try {
    const limits = {
      files: upload.files,
      fields: 20,
      fieldSize: FIELD,
      fileSize: upload.maxBytes,
      headerPairs: 20,
    };
    for await (const part of request.parts({
      limits,
      throwFileSizeLimit: false,
      fileHwm: 256 * 1024,
    } as never)) {
      if (part.type === 'field') {
        fields += 1;
        if (!Object.hasOwn(upload.fields ?? {}, part.fieldname))
          throw new AppError('invalid_input', {
            errors: [{ path: part.fieldname.slice(0, 100), code: 'unknown_field' }],
          });
        known[part.fieldname] = String(part.value);
        validateBody(formSchema(upload.fields ?? NO_FIELDS), known);
        continue;
      }
      raw.off('data', listen);
      files += 1;
      yield {
        name: part.filename ?? '',
        content: part.file,
        fields: { ...known },
        announced:
          files > 1
            ? null
            : announcedBytes(
                Buffer.concat(heads),
                Number(request.headers['content-length'] ?? Number.NaN),
                boundaryOf(request.headers['content-type']),
                fields,
              ),
      };
    }
  } catch (error) {
    throw formFailure(error, upload.files);
  } finally {
    raw.off('data', listen);
    if (!raw.complete) await letFinish(raw, request.headers.connection?.toLowerCase() === 'close');
  }
  if (files === 0) throw new AppError('file_expected', { details: { types: 'multipart/form-data' } });
}

/**
 * Takes in what a refused sender still sends, up to a bound. Who wants the line closed after the answer is answered at the end of
 * it: a line that is closed before that is cut, and the answer with it.
 */
async function letFinish(raw: Readable, closes: boolean): Promise<void> {
  let bytes = 0;
  raw.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > LINGER) raw.destroy();
  });
  if (!closes) return;
  const ended = Promise.withResolvers<void>();
  const timer = setTimeout(ended.resolve, PATIENCE);
  raw.once('end', ended.resolve).once('close', ended.resolve);
  await ended.promise;
  clearTimeout(timer);
}
