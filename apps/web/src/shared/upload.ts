import type { AnswerOf, RouteContract } from '@preau/contracts/define-route';
import { held } from './held.ts';
import { answerOf, apiAddress } from './http.ts';
import { NetworkError } from './problem.ts';

export interface UploadOptions {
  /** Bytes of the form that have left. */
  onProgress?: (sent: number, total: number) => void;
  signal?: AbortSignal;
  method?: 'POST' | 'PUT';
}

function sendForm(
  path: string,
  form: FormData,
  { onProgress, signal, method = 'POST' }: UploadOptions,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open(method, apiAddress(path));
    request.setRequestHeader('accept', 'application/json, application/problem+json');
    request.setRequestHeader('accept-language', document.documentElement.lang);
    request.responseType = 'blob';
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress?.(loaded, total));
    request.addEventListener('load', () => {
      const headers = new Headers();
      for (const name of ['content-type', 'retry-after', 'x-request-id']) {
        const value = request.getResponseHeader(name);
        if (value !== null) headers.set(name, value);
      }
      const { status, statusText } = request;
      const body = status === 204 ? null : (request.response as Blob);
      resolve(new Response(body, { status, statusText, headers }));
    });
    request.addEventListener('error', () => reject(new NetworkError(false, null)));
    request.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')));
    request.addEventListener('loadend', () => signal?.removeEventListener('abort', abort));
    if (signal?.aborted) return reject(new DOMException('Aborted', 'AbortError'));
    signal?.addEventListener('abort', abort);
    request.send(form);
  });
}

/**
 * Sends a form, telling how far it is: `fetch` cannot.
 * @param path of the API, filled in
 * @throws ProblemError when the API refuses
 * @throws NetworkError when no answer comes
 * @throws DOMException `AbortError` when the signal says so
 */
export async function upload<R extends RouteContract>(
  path: string,
  form: FormData,
  options: UploadOptions = {},
): Promise<AnswerOf<R>> {
  return answerOf<R>(await held(() => sendForm(path, form, options)));
}
