import type { AnswerOf, BodyOf, ParamsOf, QueryOf, RouteContract } from '@preau/contracts/define-route';
import type { Problem } from '@preau/contracts/fields';
import { held } from './held.ts';
import { NetworkError, ProblemError } from './problem.ts';
import { transport } from './transport.ts';

/** Whether nothing of it is required: then the whole may be left out. */
type Optional<Value> = Partial<Value> extends Value ? true : false;

type Given<Key extends string, Value> = [Value] extends [undefined]
  ? { [K in Key]?: never }
  : Optional<Value> extends true
    ? { [K in Key]?: Value }
    : { [K in Key]: Value };

/** What a call needs besides method and path; a part that the route lacks cannot be given. */
export type CallOptions<R extends RouteContract> = Given<'params', ParamsOf<R>> &
  Given<'query', QueryOf<R>> &
  Given<'body', BodyOf<R>> &
  Given<'file', R extends { upload: object } ? File : undefined> & {
    /** Entity tag that the change was made from: 412 if there is a newer one. */
    ifMatch?: string | undefined;
    headers?: Readonly<Record<string, string>>;
    signal?: AbortSignal;
    /** Answers at once that the session is over, rather than wait until its person is back. */
    waits?: false;
  };

type Arguments<R extends RouteContract> =
  Optional<CallOptions<R>> extends true ? [options?: CallOptions<R>] : [options: CallOptions<R>];

interface Sent {
  params?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  body?: unknown;
  file?: File;
  ifMatch?: string | undefined;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  waits?: false;
}

const API = '/api/v1';
const PATIENCE_MS = 60_000;

type Listener = (error: ProblemError) => void;
let listener: Listener = () => undefined;

/** What the shell does on any refusal, before the caller hears of it: session over, school closed, module off. */
export function onProblem(listen: Listener): void {
  listener = listen;
}

function addressOf(path: string, { params = {}, query = {} }: Sent): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return API + filled + (text ? `?${text}` : '');
}

async function problemOf(response: Response): Promise<ProblemError> {
  const wait = Number(response.headers.get('retry-after'));
  const retryAfter = Number.isFinite(wait) && wait > 0 ? wait : null;
  const requestId = response.headers.get('x-request-id') ?? '';
  try {
    return new ProblemError((await response.json()) as Problem, retryAfter);
  } catch {
    // A proxy in between answered, not the API.
    const title = response.statusText || String(response.status);
    const known = { type: 'about:blank', title, detail: title, code: 'unknown', request_id: requestId };
    return new ProblemError({ ...known, status: response.status }, retryAfter);
  }
}

/** What goes out: a form with the file, or JSON. The browser itself names the type of a form. */
function payloadOf({ body, file }: Sent): { body?: BodyInit; headers: Record<string, string> } {
  if (file) {
    const form = new FormData();
    form.set('file', file);
    return { body: form, headers: {} };
  }
  if (body === undefined) return { headers: {} };
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

async function sendOnce(method: string, path: string, sent: Sent): Promise<Response> {
  const { ifMatch, headers, signal } = sent;
  const payload = payloadOf(sent);
  const patience = AbortSignal.timeout(PATIENCE_MS);
  try {
    return await transport(addressOf(path, sent), {
      method,
      credentials: 'same-origin',
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
      headers: {
        accept: 'application/json, application/problem+json',
        ...(import.meta.env.SSR ? {} : { 'accept-language': document.documentElement.lang }),
        ...payload.headers,
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        ...headers,
      },
      ...(payload.body === undefined ? {} : { body: payload.body }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new NetworkError(patience.aborted, error);
  }
}

const send = (method: string, path: string, sent: Sent): Promise<Response> =>
  sent.waits === false ? sendOnce(method, path, sent) : held(() => sendOnce(method, path, sent));

/** Entity tag of a resource that carries its version number. */
export function tagOf({ version }: { version: number }): string {
  return `"v${version}"`;
}

/**
 * Calls a route of the API; method, path and parts are checked against its contract: `call<typeof getTenant>('GET',
 * '/tenants/:id/', { params })`.
 * @throws ProblemError when the API refuses
 * @throws NetworkError when no answer comes
 */
export async function call<R extends RouteContract>(
  method: R['method'],
  path: R['path'],
  ...options: Arguments<R>
): Promise<AnswerOf<R>> {
  return (await callTagged<R>(method, path, ...options)).data;
}

/** As {@link call}, with the entity tag of the answer for a later `ifMatch`. */
export async function callTagged<R extends RouteContract>(
  method: R['method'],
  path: R['path'],
  ...[options]: Arguments<R>
): Promise<{ data: AnswerOf<R>; tag: string | undefined }> {
  const response = await send(method, path, options ?? {});
  return { data: await answerOf<R>(response), tag: response.headers.get('etag') ?? undefined };
}

/**
 * What a response holds.
 * @throws ProblemError when it is a refusal, which the shell is told of
 */
export async function answerOf<R extends RouteContract>(response: Response): Promise<AnswerOf<R>> {
  if (!response.ok) {
    const error = await problemOf(response);
    listener(error);
    throw error;
  }
  return (response.status === 204 ? undefined : await response.json()) as AnswerOf<R>;
}

/**
 * Calls a route that answers a file, and hands it to the browser under the name that the answer gives it.
 * @throws as {@link call}
 */
export async function fetchFile<R extends RouteContract>(
  method: R['method'],
  path: R['path'],
  ...[options]: Arguments<R>
): Promise<void> {
  const response = await send(method, path, options ?? {});
  if (!response.ok) await answerOf<R>(response);
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = name ?? '';
  link.click();
  // Not at once: the browser has yet to read it.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Address of a path of the API. */
export const apiAddress = (path: string): string => API + path;
