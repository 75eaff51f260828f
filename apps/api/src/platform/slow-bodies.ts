import { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** Milliseconds in which a body must have come, unless it is a file. */
const PATIENCE = 30_000;
/** Milliseconds without a byte of a file. */
const SILENCE = 60_000;

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * Cuts the line of a client that begins a body and does not end it. Node's own limit is one for all requests, and would cut large
 * files too: those are given up when nothing comes for a while.
 */
export function expectBody(request: FastifyRequest): void {
  if (!hasBody(request)) return;
  const { raw } = request;
  if (request.routeOptions.config?.upload?.files) {
    // One that was made up for a test has no line.
    if (!(raw.socket instanceof Socket)) return;
    raw.setTimeout(SILENCE);
    raw.once('end', () => raw.setTimeout(0));
    return;
  }
  const timer = setTimeout(() => raw.destroy(), PATIENCE);
  const done = () => clearTimeout(timer);
  raw.once('end', done).once('close', done);
}
