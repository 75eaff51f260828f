import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { AppError } from './app-error.ts';

/** Answers to conditional requests, on a version number that moves with every change (RFC 9110 §13). */

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * The version, which a change names, and a digest of what is shown: an answer also holds what moves without a change of the
 * thing itself, such as its number of members.
 */
const etagOf = (version: number, shown: unknown): string =>
  `"v${version}.${createHash('sha256').update(JSON.stringify(shown)).digest('base64url').slice(0, 12)}"`;

/** Shows the version that a change made, so that the next one can name it without reading first. */
export function showVersion<T>(reply: FastifyReply, version: number, shown: T): T {
  reply.header('etag', etagOf(version, shown));
  return shown;
}

/** Sent in place of an answer that the client has already. The serialiser never sees it. */
export const NOT_MODIFIED = Symbol('not modified');

/** Sets `ETag`, and answers 304 when the client has just this. */
export function withVersion<T>(
  call: { headers: Headers; reply: FastifyReply },
  version: number,
  shown: T,
): T {
  const etag = etagOf(version, shown);
  call.reply.header('etag', etag);
  const known = call.headers['if-none-match'];
  if (typeof known === 'string' && matches(known, etag)) {
    call.reply.code(304);
    return NOT_MODIFIED as T;
  }
  return shown;
}

/** Whether a list of validators (`"a", W/"b"`, `*`) names this one. */
export function matches(header: string, etag: string): boolean {
  return (
    header.trim() === '*' ||
    header.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag)
  );
}

/**
 * The version that a change expects (`If-Match`); undefined when it expects none.
 * @throws AppError `precondition_failed` for a validator that was never given out.
 */
export function expectedVersion(headers: Headers): number | undefined {
  const header = headers['if-match'];
  if (typeof header !== 'string' || header.trim() === '*') return undefined;
  const version = /^\s*(?:W\/)?"v(\d+)(?:\.[\w-]+)?"\s*$/.exec(header)?.[1];
  if (version === undefined) throw new AppError('precondition_failed');
  return Number(version);
}
