import type { FastifyReply } from 'fastify';
import { AppError } from './app-error.ts';

/** Answers to conditional requests, on a version number that moves with every change (RFC 9110 §13). */

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const etagOf = (version: number): string => `"v${version}"`;

/** Shows the version that a change made, so that the next one can name it without reading first. */
export const showVersion = (reply: FastifyReply, version: number): void =>
  void reply.header('etag', etagOf(version));

/** Sent in place of an answer that the client has already. The serialiser never sees it. */
export const NOT_MODIFIED = Symbol('not modified');

/** Sets `ETag`, and answers 304 when the client has this version. */
export function withVersion<T>(
  call: { headers: Headers; reply: FastifyReply },
  version: number,
  answer: () => T,
): T {
  const etag = etagOf(version);
  call.reply.header('etag', etag);
  const known = call.headers['if-none-match'];
  if (typeof known === 'string' && matches(known, etag)) {
    call.reply.code(304);
    return NOT_MODIFIED as T;
  }
  return answer();
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
  const version = /^\s*(?:W\/)?"v(\d+)"\s*$/.exec(header)?.[1];
  if (version === undefined) throw new AppError('precondition_failed');
  return Number(version);
}
