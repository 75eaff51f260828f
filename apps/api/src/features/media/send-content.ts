import { Readable } from 'node:stream';
import { create as disposition } from 'content-disposition';
import type { FastifyReply } from 'fastify';
import rangeParser from 'range-parser';
import { AppError } from '../../platform/app-error.ts';
import { passed } from '../../platform/passing-bytes.ts';
import type { Storage } from '../../platform/storage/storage.ts';
import { matches, NOT_MODIFIED } from '../../platform/versions.ts';
import type { Content } from './content.service.ts';
import { isShown } from './file-kind.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Nothing that comes from a person runs in the school's name: no script, no form, no frame, an origin of its own. A picture, a
 * sound or a film may show itself.
 */
const SANDBOX = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox";

const only = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined;

/** The one part that is asked for; null for the whole file. Throws `range_not_satisfiable`. */
function rangeOf(
  headers: Headers,
  { bytes, etag, modifiedAt }: Content,
): { start: number; end: number } | null {
  const range = only(headers['range']);
  if (range === undefined || bytes === 0) return null;
  const condition = only(headers['if-range']);
  // Only if the rest is of the same bytes as what the client has.
  if (condition !== undefined && condition !== etag && condition !== modifiedAt.toUTCString()) return null;
  const ranges = rangeParser(bytes, range, { combine: true });
  if (ranges === -1)
    throw new AppError('range_not_satisfiable', {
      details: { bytes },
      headers: { 'content-range': `bytes */${bytes}` },
    });
  // What cannot be understood is ignored; several parts are more than is needed, and the whole answers them too.
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return null;
  return ranges[0] ?? null;
}

function isKnown(headers: Headers, { etag, modifiedAt }: Content): boolean {
  const known = only(headers['if-none-match']);
  if (known !== undefined) return matches(known, etag);
  const since = Date.parse(only(headers['if-modified-since']) ?? '');
  return !Number.isNaN(since) && Math.floor(modifiedAt.getTime() / 1_000) * 1_000 <= since;
}

/** Sends a file, or the part of it that was asked for, as it comes from the store. */
export async function sendContent(
  storage: Storage,
  { headers, reply }: { headers: Headers; reply: FastifyReply },
  content: Content,
  { download = false, cacheControl }: { download?: boolean; cacheControl: string },
): Promise<unknown> {
  const { key, bytes, mediaType, name, etag, modifiedAt, provisional, negotiated } = content;
  const shown = isShown(mediaType) && !download;
  void reply.headers({
    etag,
    'last-modified': modifiedAt.toUTCString(),
    'cache-control': provisional ? 'private, no-cache' : cacheControl,
    'content-disposition': disposition(name, { type: shown ? 'inline' : 'attachment' }),
    'content-security-policy': SANDBOX,
    'accept-ranges': 'bytes',
    ...(negotiated ? { vary: 'Accept' } : {}),
  });
  if (isKnown(headers, content)) {
    reply.code(304);
    return NOT_MODIFIED;
  }
  const range = rangeOf(headers, content);
  if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${bytes}`);
  void reply.headers({
    'content-type': mediaType === 'text/plain' ? 'text/plain; charset=utf-8' : mediaType,
    'content-length': range ? range.end - range.start + 1 : bytes,
  });
  // A stream, of which a length is not counted anew.
  if (reply.request.method === 'HEAD') return Readable.from([]);
  const source = await storage.read(key, range ?? {});
  // Paused again, which listening undoes: the first piece is for whoever sends it.
  source.on('data', (piece: Buffer) => passed(piece.length)).pause();
  // A reader that goes away must not leave a file open.
  reply.raw.once('close', () => source.destroy());
  return source;
}
