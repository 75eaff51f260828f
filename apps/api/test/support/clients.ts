import type { Permission } from '@preau/contracts/permissions';
import type { SchoolRole } from '@preau/contracts/vocabulary';
import type { InjectOptions } from 'fastify';
import { OPERATOR, SYSTEM } from '../../src/features/audit/index.ts';
import { findUserByEmail } from '../../src/features/identity/index.ts';
import { addMember, type School } from './builders.ts';
import { SUPERADMIN, type TestApp } from './harness.ts';

type Headers = Record<string, string>;
type Query = Record<string, string | number | boolean>;

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string | undefined>>;
  /** The parsed JSON; undefined when the answer has none. */
  body: any;
  text: string;
  cookies: readonly string[];
}

interface Asked {
  query?: Query;
  headers?: Headers;
}

/** Somebody at an address. Paths are below /api/v1, except those of `page`. */
export interface Client {
  readonly host: string;
  readonly headers: Headers;
  get(path: string, asked?: Asked): Promise<Answer>;
  post(path: string, body?: unknown, asked?: Asked): Promise<Answer>;
  put(path: string, body?: unknown, asked?: Asked): Promise<Answer>;
  patch(path: string, body?: unknown, asked?: Asked): Promise<Answer>;
  delete(path: string, asked?: Asked): Promise<Answer>;
  /** What a browser gets for an address of the application. */
  page(path?: string, headers?: Headers): Promise<Answer>;
  /** Any request; the path is whole. */
  send(options: InjectOptions): Promise<Answer>;
  /** The same credentials at another address. */
  at(host: string): Client;
}

export function createClient(t: TestApp, host: string, own: Headers = {}): Client {
  async function send(options: InjectOptions): Promise<Answer> {
    const response = await t.app.inject({
      ...options,
      headers: { host, ...own, ...(options.headers as Headers) },
    });
    const json = /\bjson\b/.test(String(response.headers['content-type'])) && response.payload !== '';
    return {
      status: response.statusCode,
      headers: response.headers as Answer['headers'],
      body: json ? JSON.parse(response.payload) : undefined,
      text: response.payload,
      cookies: [response.headers['set-cookie'] ?? []].flat(),
    };
  }
  const api = (
    method: InjectOptions['method'],
    path: string,
    body: unknown,
    { query, headers = {} }: Asked = {},
  ) =>
    send({
      method,
      url: `/api/v1${path}`,
      headers,
      ...(query ? { query: query as never } : {}),
      ...(body === undefined ? {} : { payload: body as never }),
    });
  return {
    host,
    headers: own,
    get: (path, asked) => api('GET', path, undefined, asked),
    post: (path, body, asked) => api('POST', path, body, asked),
    put: (path, body, asked) => api('PUT', path, body, asked),
    patch: (path, body, asked) => api('PATCH', path, body, asked),
    delete: (path, asked) => api('DELETE', path, undefined, asked),
    page: (path = '/', headers = {}) =>
      send({ method: 'GET', url: path, headers: { accept: 'text/html', ...headers } }),
    send,
    at: (other) => createClient(t, other, own),
  };
}

export const visitor = (t: TestApp, host = t.base): Client => createClient(t, host);

const cookie = (token: string): Headers => ({ cookie: `preau_session=${token}` });

/** Logged in on the console, without the log-in route and its limit. */
export async function superadmin(t: TestApp): Promise<Client> {
  const user = await t.services.tenancy.central(({ trx }) => findUserByEmail(trx, SUPERADMIN.email));
  if (!user) throw new Error('The template has no super-admin');
  const { token } = await t.services.sessions.open(user, 'superadmin', null, SYSTEM, null, true);
  return createClient(t, t.consoleHost, cookie(token));
}

/** A program with a key of the platform. */
export async function platformKey(
  t: TestApp,
  scopes: Permission[],
): Promise<Client & { id: string; key: string }> {
  const { row, key } = await t.services.apiKeys.create(OPERATOR, { name: 'test', scopes });
  return { ...createClient(t, t.base, { authorization: `Api-Key ${key}` }), id: row.id, key };
}

/** A program with a key of a school, at the school's host. */
export async function schoolKey(
  t: TestApp,
  school: School,
  scopes: Permission[],
): Promise<Client & { id: string; key: string }> {
  const { row, key } = await t.services.apiKeys.create(OPERATOR, {
    tenantId: school.id,
    name: 'test',
    scopes,
  });
  return { ...createClient(t, school.host, { authorization: `Api-Key ${key}` }), id: row.id, key };
}

/** A person of a school, logged in there. */
export async function member(
  t: TestApp,
  school: School,
  role: SchoolRole,
): Promise<Client & { userId: string; email: string }> {
  const user = await addMember(t, school, role);
  const snapshot = await t.services.directory.byHost(school.host);
  if (!snapshot) throw new Error(`No school at ${school.host}`);
  const { token } = await t.services.sessions.open(user, role, snapshot, SYSTEM, null);
  return { ...createClient(t, school.host, cookie(token)), userId: user.id, email: user.email };
}

/** Somebody of the platform at a school, by leave of one of its administrators. */
export async function supporter(t: TestApp, school: School): Promise<Client> {
  const { sessions, support, directory, tenancy } = t.services;
  const user = await tenancy.central(({ trx }) => findUserByEmail(trx, SUPERADMIN.email));
  const tenant = await directory.byHost(school.host);
  if (!user || !tenant) throw new Error(`No super-admin, or no school at ${school.host}`);
  const head = await addMember(t, school, 'admin');
  const asking = {
    ...SYSTEM,
    actor: (await sessions.open(user, 'superadmin', null, SYSTEM, null, true)).actor,
  };
  const granting = { ...SYSTEM, actor: (await sessions.open(head, 'admin', tenant, SYSTEM, null)).actor };
  const { id } = await support.ask(asking, school.id, 'test');
  await support.answer(granting, school.id, id, 1);
  const way = await support.entry(asking, school.id, id);
  const { token } = await support.arrive(tenant, way.token, SYSTEM, null);
  return createClient(t, school.host, cookie(token));
}

export const schoolAdmin = (t: TestApp, school: School) => member(t, school, 'admin');
export const teacher = (t: TestApp, school: School) => member(t, school, 'teacher');
export const student = (t: TestApp, school: School) => member(t, school, 'student');
