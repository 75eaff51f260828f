import { once } from 'node:events';
import { createServer, request as ask, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { publishChange } from '@preau/tenancy';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../test/support/builders.ts';
import { createTestApp, type TestApp } from '../../test/support/harness.ts';
import { features } from '../features/index.ts';
import { accessLine } from '../platform/access-log.plugin.ts';
import { createFrontDoor } from './front-door.ts';
import { createPlaceFinder } from './place.ts';

const THEME = '/api/v1/current-tenant/theme/';
/** What the server behind the door answers: nothing of ours does. */
const LEFT_TO_THE_APPLICATION = 599;
const LAST = '0197a000-0000-7000-8000-00000000ffff';

let t: TestApp;
let school: School;
let closed: School;
let server: Server;
let stopping = false;
const lines: string[] = [];

beforeAll(async () => {
  t = await createTestApp();
  school = await createSchool(t);
  closed = await createSchool(t);
  await t.services.lifecycle.deactivate(
    { actor: { type: 'system', id: null, label: 'test' }, ip: null, requestId: null },
    closed.id,
    'travaux',
  );
  // Notices come in the order of their commits: after the last of this one, none empties the memory under a test.
  const heard = t.hears('tenant', LAST);
  await t.database.tenancy.central(({ trx }) => publishChange(trx, { kind: 'tenant', id: LAST }));
  await heard;
  const door = createFrontDoor({
    routes: features.flatMap((feature) => feature.routes?.(t.services) ?? []),
    places: createPlaceFinder(t.services.directory, t.base),
    tell: (answered) => lines.push(accessLine(answered)),
    stopping: () => stopping,
  });
  server = createServer((request, response) => {
    if (!door(request, response)) response.writeHead(LEFT_TO_THE_APPLICATION).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.close();
  await t.close();
});
beforeEach(async () => {
  lines.length = 0;
  // The door answers what is in memory.
  for (const { host } of [school, closed]) await t.services.directory.byHost(host);
});

interface Asked {
  method?: string;
  path?: string;
  host?: string;
  headers?: Record<string, string>;
}

async function atTheDoor({ method = 'GET', path = THEME, host = school.host, headers = {} }: Asked = {}) {
  const { port } = server.address() as AddressInfo;
  const sent = ask({ port, host: '127.0.0.1', method, path, headers: { ...headers, host }, agent: false });
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

/** The same request of the application itself, which knows nothing of the door. */
async function atTheApplication({
  method = 'GET',
  path = THEME,
  host = school.host,
  headers = {},
}: Asked = {}) {
  const answer = await t.app.inject({ method: method as 'GET', url: path, headers: { ...headers, host } });
  return { status: answer.statusCode, headers: answer.headers, body: answer.payload };
}

/** Differ from one answer to the next, or belong to the connection. */
const OF_THE_MOMENT = new Set(['date', 'x-request-id', 'connection', 'keep-alive', 'transfer-encoding']);
const lasting = (headers: object) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_MOMENT.has(name)));

describe('an answer that is kept ready', () => {
  it.each<[string, () => Asked]>([
    ['of a school', () => ({})],
    ['without the trailing slash', () => ({ path: THEME.slice(0, -1) })],
    ['of another version', () => ({ path: `${THEME}?v=0000` })],
    ['of a closed school', () => ({ host: closed.host })],
    ['of the console', () => ({ host: t.consoleHost })],
    ['to a client that has another', () => ({ headers: { 'if-none-match': '"other"' } })],
    ['to a client that takes any', () => ({ headers: { 'if-none-match': '*' } })],
  ])('%s is the application’s, to the byte', async (_, asked) => {
    const ready = await atTheDoor(asked());
    const usual = await atTheApplication(asked());
    expect(ready.status).not.toBe(LEFT_TO_THE_APPLICATION);
    expect(ready).toMatchObject({ status: usual.status, body: usual.body });
    expect(lasting(ready.headers)).toEqual(lasting(usual.headers));
  });

  it('is kept for ever under its version, and is not sent again to who has it', async () => {
    const { body, headers } = await atTheDoor();
    const version = (JSON.parse(body) as { version: string }).version;
    const named = { path: `${THEME}?v=${version}` };
    expect((await atTheDoor(named)).headers['cache-control']).toContain('immutable');
    expect(lasting((await atTheDoor(named)).headers)).toEqual(
      lasting((await atTheApplication(named)).headers),
    );
    const again = { headers: { 'if-none-match': String(headers.etag) } };
    expect(await atTheDoor(again)).toMatchObject({ status: 304, body: '' });
    expect(lasting((await atTheDoor(again)).headers)).toEqual(
      lasting((await atTheApplication(again)).headers),
    );
  });

  it('leaves its line in the access log, with the caller’s request id and not what it searched', async () => {
    const id = '0197a000-0000-7000-8000-000000000001';
    const { headers } = await atTheDoor({ headers: { 'x-request-id': id } });
    expect(headers['x-request-id']).toBe(id);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 30,
      req_id: id,
      tenant: school.id,
      method: 'GET',
      route: THEME,
      status: 200,
    });
  });
});

describe('the application is left', () => {
  it.each<[string, () => Asked]>([
    ['another method', () => ({ method: 'PATCH' })],
    ['HEAD', () => ({ method: 'HEAD' })],
    ['another path', () => ({ path: '/api/v1/current-tenant/info/' })],
    ['an escaped spelling', () => ({ path: '/api/v1/current-tenant/%74heme/' })],
    ['another query', () => ({ path: `${THEME}?v=1&w=2` })],
    ['a host in no memory', () => ({ host: 'nowhere.localhost' })],
    ['a host that is none', () => ({ host: 'a..b' })],
  ])('%s', async (_, asked) => {
    expect((await atTheDoor(asked())).status).toBe(LEFT_TO_THE_APPLICATION);
    expect(lines).toEqual([]);
  });

  it('a school that was changed until it is read again, and the new one follows', async () => {
    t.services.directory.forgetTenant(school.id);
    expect((await atTheDoor()).status).toBe(LEFT_TO_THE_APPLICATION);
    await t.services.directory.byHost(school.host);
    expect((await atTheDoor()).status).toBe(200);
  });

  it('everything once the process is stopping, which closes the connections', async () => {
    stopping = true;
    expect((await atTheDoor()).status).toBe(LEFT_TO_THE_APPLICATION);
    stopping = false;
  });
});
