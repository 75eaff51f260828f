import type { listTenants, updateTenant } from '@preau/contracts/tenants';
import type { logout } from '@preau/contracts/identity';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { call, callTagged, onProblem, tagOf } from './http.ts';
import { NetworkError, ProblemError } from './problem.ts';

const fetchStub = vi.fn<typeof fetch>();
const answer = (body: unknown, init: ResponseInit = {}) => Response.json(body, init);
const sent = () => {
  const [address, init] = fetchStub.mock.calls[0]!;
  return { address, init: init!, headers: init!.headers as Record<string, string> };
};

beforeEach(() => {
  vi.stubGlobal('fetch', fetchStub);
  document.documentElement.lang = 'fr';
});
afterEach(() => {
  fetchStub.mockReset();
  vi.unstubAllGlobals();
  onProblem(() => undefined);
});

test('a query is written into the address, without the parts that are empty', async () => {
  fetchStub.mockResolvedValue(answer({ count: 0, next: null, previous: null, results: [] }));
  await call<typeof listTenants>('GET', '/tenants/', {
    query: { search: 'a&b é', page: 2, status: undefined },
  });
  expect(sent().address).toBe('/api/v1/tenants/?search=a%26b+%C3%A9&page=2');
  expect(sent().headers['accept-language']).toBe('fr');
  expect(sent().init.body).toBeUndefined();
});

test('a change carries its body and the version it was made from', async () => {
  fetchStub.mockResolvedValue(answer({ id: 'x', version: 4 }));
  await call<typeof updateTenant>('PATCH', '/tenants/:id/', {
    params: { id: 'a/../b' },
    body: { city: 'Nantes' },
    ifMatch: tagOf({ version: 3 }),
  });
  const { address, init, headers } = sent();
  expect(address).toBe('/api/v1/tenants/a%2F..%2Fb/');
  expect(init.method).toBe('PATCH');
  expect(init.body).toBe('{"city":"Nantes"}');
  expect(headers['if-match']).toBe('"v3"');
  expect(headers['content-type']).toBe('application/json');
});

test('an answer without content is undefined', async () => {
  fetchStub.mockResolvedValue(new Response(null, { status: 204 }));
  await expect(call<typeof logout>('POST', '/auth/logout/')).resolves.toBeUndefined();
});

test('the entity tag comes with the answer', async () => {
  fetchStub.mockResolvedValue(answer({ count: 0 }, { headers: { etag: '"v7"' } }));
  const { tag } = await callTagged<typeof listTenants>('GET', '/tenants/');
  expect(tag).toBe('"v7"');
});

test('a refusal is thrown with its fields, after the shell has heard of it', async () => {
  const problem = {
    type: 'about:blank',
    title: 'Données refusées',
    status: 400,
    detail: 'Rien n’a été enregistré.',
    code: 'invalid_input',
    request_id: 'r-1',
    errors: [{ path: 'uai', code: 'uai', message: 'Sept chiffres.' }],
  };
  fetchStub.mockResolvedValue(answer(problem, { status: 400, headers: { 'retry-after': '12' } }));
  const heard = vi.fn<(error: ProblemError) => void>();
  onProblem(heard);
  const error = await call<typeof logout>('POST', '/auth/logout/').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ProblemError);
  expect(heard).toHaveBeenCalledWith(error);
  const { code, status, fields, retryAfter } = error as ProblemError;
  expect({ code, status, retryAfter }).toEqual({ code: 'invalid_input', status: 400, retryAfter: 12 });
  expect(fields[0]?.path).toBe('uai');
});

test('an answer that is not the API’s becomes a refusal all the same', async () => {
  const init = { status: 502, statusText: 'Bad Gateway', headers: { 'x-request-id': 'r-2' } };
  fetchStub.mockResolvedValue(new Response('<html>nginx</html>', init));
  const error = await call<typeof logout>('POST', '/auth/logout/').catch((thrown: unknown) => thrown);
  expect((error as ProblemError).problem).toMatchObject({ code: 'unknown', status: 502, request_id: 'r-2' });
});

test('no answer at all is an error of its own', async () => {
  fetchStub.mockRejectedValue(new TypeError('Failed to fetch'));
  const error = await call<typeof logout>('POST', '/auth/logout/').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NetworkError);
  expect((error as NetworkError).timedOut).toBe(false);
});

test('a call that its caller gave up is no network trouble', async () => {
  const controller = new AbortController();
  controller.abort();
  fetchStub.mockRejectedValue(new DOMException('gone', 'AbortError'));
  const error = await call<typeof logout>('POST', '/auth/logout/', { signal: controller.signal }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).not.toBeInstanceOf(NetworkError);
});

test('what the contract does not know does not compile', () => {
  fetchStub.mockResolvedValue(answer({}));
  const wrong = [
    // @ts-expect-error another method
    () => call<typeof logout>('GET', '/auth/logout/'),
    // @ts-expect-error another path
    () => call<typeof logout>('POST', '/auth/login/'),
    // @ts-expect-error a body for a route without one
    () => call<typeof logout>('POST', '/auth/logout/', { body: {} }),
    // @ts-expect-error parameters left out
    () => call<typeof updateTenant>('PATCH', '/tenants/:id/', { body: { city: 'Nantes' } }),
    () =>
      call<typeof updateTenant>('PATCH', '/tenants/:id/', {
        params: { id: 'x' },
        // @ts-expect-error a field that is none
        body: { town: 'Nantes' },
      }),
    // @ts-expect-error a filter that is none
    () => call<typeof listTenants>('GET', '/tenants/', { query: { colour: 'red' } }),
  ];
  expect(wrong).toHaveLength(6);
});
