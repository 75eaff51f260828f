import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { AnswerSink } from '../platform/access-log.plugin.ts';
import { requestId } from '../platform/request-id.ts';
import { SECURITY_HEADERS } from '../platform/security-headers.ts';
import type { BoundRoute, ReadyAnswer, ReadyQuestion } from '../features/define-feature.ts';
import type { PlaceFinder } from './place.ts';
import { refusalAt } from './zones.ts';

/** Answers a request if it can at once; false leaves it, untouched, to the application. */
export type FrontDoor = (request: IncomingMessage, response: ServerResponse) => boolean;

interface FrontDoorOptions {
  routes: readonly BoundRoute[];
  places: PlaceFinder;
  tell: AnswerSink;
  /** While true nothing is answered here: the application tells the clients to go. */
  stopping: () => boolean;
}

interface ReadyRoute {
  route: string;
  contract: BoundRoute['contract'];
  answer: (question: ReadyQuestion) => ReadyAnswer;
}

const OF_EVERY_ANSWER = Object.entries(SECURITY_HEADERS).flat();
const VERSION = /^v=([\w-]{1,40})$/;

/**
 * Sends the answers that are kept ready in memory before the framework takes the request, whose routing, hooks and reply
 * cost more than they do.
 *
 * It answers only what it is sure of: a GET of a ready route, in its plain spelling, at a host that is in memory and may see
 * it. Everything else, and so every refusal, is the application's, where the same routes are registered like all others:
 * both give the same status, headers and bytes.
 */
export function createFrontDoor({ routes, places, tell, stopping }: FrontDoorOptions): FrontDoor {
  const byPath = new Map<string, ReadyRoute>();
  for (const { contract, ready } of routes) {
    if (!ready) continue;
    const route = `/api/v1${contract.path}`;
    for (const path of [route, route.slice(0, -1)]) byPath.set(path, { route, contract, answer: ready });
  }

  return (request, response) => {
    const { method, url = '', headers } = request;
    if (method !== 'GET') return false;
    // A key may name the school.
    if (headers['api-key'] !== undefined || headers.authorization !== undefined) return false;
    const mark = url.indexOf('?');
    const found = byPath.get(mark < 0 ? url : url.slice(0, mark));
    if (found === undefined) return false;
    const version = mark < 0 ? undefined : VERSION.exec(url.slice(mark + 1))?.[1];
    if (mark >= 0 && version === undefined) return false;
    const place = places.peek(headers.host);
    if (!place || refusalAt(found.contract, place) || stopping()) return false;

    const cameAt = performance.now();
    const id = requestId(request);
    const {
      status,
      headers: own,
      body,
    } = found.answer({
      tenant: place.tenant,
      version,
      known: headers['if-none-match'],
    });
    response.writeHead(status, [...OF_EVERY_ANSWER, 'x-request-id', id, ...own]).end(body);
    tell({
      id,
      tenant: place.tenant?.id ?? null,
      method,
      route: found.route,
      status,
      ms: performance.now() - cameAt,
    });
    return true;
  };
}
