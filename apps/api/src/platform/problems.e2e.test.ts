import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, newTenantBody, type School } from '../../test/support/builders.ts';
import { type Client, schoolAdmin, superadmin, visitor } from '../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../test/support/harness.ts';
import { expectProblem, expectRefusal } from '../../test/support/refusals.ts';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

let t: TestApp;
let admin: Client;
let school: School;
beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
  school = await createSchool(t);
});
afterAll(() => t.close());

describe('a problem document', () => {
  it('speaks French unless asked for English', async () => {
    for (const [language, detail, message] of [
      [undefined, /rien n’a été enregistré/, /couleur #RRGGBB/],
      ['fr-CA', /rien n’a été enregistré/, /couleur #RRGGBB/],
      ['en', /nothing was saved/, /#RRGGBB colour/],
      ['en-US,en;q=0.9', /nothing was saved/, /#RRGGBB colour/],
      ['fr;q=0.3, en;q=0.8', /nothing was saved/, /#RRGGBB colour/],
      ['de, ja', /rien n’a été enregistré/, /couleur #RRGGBB/],
      ['en;q=0', /rien n’a été enregistré/, /couleur #RRGGBB/],
      [';;,q=,\u00e9', /rien n’a été enregistré/, /couleur #RRGGBB/],
    ] as const) {
      const { body, headers } = await admin.post('/tenants/', newTenantBody({ primary_color: 'red' }), {
        headers: language === undefined ? {} : { 'accept-language': language },
      });
      expect(body.detail).toMatch(detail);
      expect(body.errors[0].message).toMatch(message);
      expect(headers['content-language']).toBe(detail.test('nothing was saved') ? 'en' : 'fr');
    }
  });

  it('is not kept by any cache', async () => {
    const { headers } = await visitor(t).get('/nothing/');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });
});

describe('a 401', () => {
  it('names the scheme by which a program may come back', async () => {
    for (const headers of [{}, { 'api-key': 'wrong.key' }] as Record<string, string>[]) {
      const answer = await visitor(t).get('/tenants/', { headers });
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Api-Key');
    }
  });
});

describe('the request id', () => {
  it('is new, or the caller’s when it is a UUID, and is in the answer and the audit', async () => {
    const first = await visitor(t).get('/nothing/');
    const second = await visitor(t).get('/nothing/');
    expect(first.headers['x-request-id']).toMatch(UUID);
    expect(second.headers['x-request-id']).not.toBe(first.headers['x-request-id']);
    const id = '0190f3c2-7a44-7b3e-9c55-2f1d6a7b8c9d';
    const answer = await admin.post('/tenants/', newTenantBody(), { headers: { 'x-request-id': id } });
    expect(answer.headers['x-request-id']).toBe(id);
    expect(
      await t.sql('SELECT request_id FROM public.audit_log WHERE tenant_id = $1', [answer.body.id]),
    ).toEqual([{ request_id: id }]);
    for (const odd of ['x', `${id}\u00e9`, 'a'.repeat(500), `${id}, ${id}`]) {
      const { headers } = await visitor(t).get('/nothing/', { headers: { 'x-request-id': odd } });
      expect(headers['x-request-id']).toMatch(UUID);
    }
  });
});

describe('a body', () => {
  const send = (
    payload: string | Buffer,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ) => admin.send({ method: 'POST', url: '/api/v1/tenants/', payload, headers });

  it.each([
    '{',
    '{"a":}',
    'nonsense',
    '{"a":1,}',
    "{'a':1}",
    '[1',
    '{"__proto__":{"x":1}}',
    '{"constructor":{"prototype":{}}}',
    '\u0000',
  ])('of malformed JSON is refused: %s', async (payload) => {
    await expectRefusal(t, () => send(payload), { code: 'malformed_json' });
  });

  it.each(['[]', 'null', '"text"', '42', 'true'])('that is no object is refused: %s', async (payload) => {
    const answer = await send(payload);
    expect(answer.status).toBe(400);
    expect(['invalid_input', 'malformed_json']).toContain(answer.body.code);
  });

  it('that is missing is refused', async () => {
    const answer = await admin.send({
      method: 'POST',
      url: '/api/v1/tenants/',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(400);
    const bare = await admin.send({ method: 'POST', url: '/api/v1/tenants/' });
    expect(bare.status).toBe(400);
  });

  it('over the limit is refused, with the limit named', async () => {
    const payload = JSON.stringify(newTenantBody({ school_name: 'x'.repeat(1024 * 1024) }));
    const answer = await expectRefusal(t, () => send(payload), { code: 'payload_too_large' });
    expect(answer.body.detail).toContain('1048576');
  });

  it('nested without end is refused', async () => {
    const depth = 50_000;
    const answer = await send(`{"modules_enabled":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`);
    expect(answer.status).toBe(400);
  });

  it('in another format is refused', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
    ]) {
      await expectRefusal(t, () => send('{}', { 'content-type': type }), { code: 'unsupported_media_type' });
    }
    expect(
      (await send(JSON.stringify(newTenantBody()), { 'content-type': 'application/json; charset=utf-8' }))
        .status,
    ).toBe(201);
  });

  it('is not read before the caller is known', async () => {
    const answer = await visitor(t).send({
      method: 'POST',
      url: '/api/v1/tenants/',
      payload: '{',
      headers: { 'content-type': 'application/json' },
    });
    expectProblem(answer, { code: 'not_authenticated' });
  });
});

describe('a path', () => {
  it('means the same with and without its trailing slash', async () => {
    for (const path of [
      '/tenants/',
      `/tenants/${school.id}/`,
      `/tenants/${school.id}/stats/`,
      '/current-tenant/theme/',
      '/auth/me/',
      '/openapi.json/',
    ]) {
      const [with_, without] = [await admin.get(path), await admin.get(path.slice(0, -1))];
      expect(without.status).toBe(with_.status);
      expect(without.status).toBe(200);
      expect(without.body).toEqual(with_.body);
    }
    const bare = await admin.get('/tenants', { query: { page_size: 1 } });
    expect(bare.status).toBe(200);
    expect((await admin.post(`/tenants/${school.id}/update_modules`, { modules_enabled: {} })).status).toBe(
      200,
    );
  });

  it('with the wrong method is 405 and names the right ones', async () => {
    for (const [method, path, allow] of [
      ['DELETE', '/tenants/', ['GET', 'POST']],
      ['PUT', '/tenants/', ['GET', 'POST']],
      ['POST', `/tenants/${school.id}/`, ['GET', 'PATCH', 'PUT', 'DELETE']],
      ['GET', `/tenants/${school.id}/provision/`, ['POST']],
      ['PATCH', `/tenants/${school.id}/activate`, ['POST']],
      ['DELETE', `/tenants/${school.id}/settings/`, ['GET', 'PATCH']],
      ['GET', '/auth/login/', ['POST']],
      ['POST', '/auth/me/', ['GET', 'PATCH']],
    ] as const) {
      const answer = await expectRefusal(t, () => admin.send({ method, url: `/api/v1${path}` }), {
        code: 'method_not_allowed',
      });
      const allowed = (answer.headers.allow ?? '')
        .split(', ')
        .filter((name) => name !== 'HEAD' && name !== 'OPTIONS');
      expect(allowed.toSorted()).toEqual([...allow].toSorted());
      expect(answer.body.detail).toContain(allow[0]);
    }
  });

  it('that does not exist is not found, whatever it holds', async () => {
    for (const url of [
      '/api/v1/nothing/',
      '/api/v2/tenants/',
      '/api/v1/tenants/%zz/',
      '/api/v1/tenants/../../../etc/passwd',
      '/api/v1/tenants/%2e%2e%2fx',
      '/swaggerx',
    ]) {
      const answer = await admin.send({ method: 'GET', url });
      expectProblem(answer, { code: 'not_found' });
    }
    const long = await admin.get(`/tenants/${'a'.repeat(5_000)}/`);
    expect([404, 414]).toContain(long.status);
  });

  it('answers OPTIONS with the methods of the place, and says nothing of a path that is not there', async () => {
    const options = (client: Client, url: string) => client.send({ method: 'OPTIONS', url: `/api/v1${url}` });
    const there = await options(admin, '/tenants/');
    expect([there.status, there.headers.allow]).toEqual([204, 'GET, POST']);
    expectProblem(await options(visitor(t, school.host), '/tenants/'), { code: 'not_found' });
    expectProblem(await options(visitor(t, 'nowhere.localhost'), '/tenants/'), { code: 'tenant_not_found' });
    expectProblem(await options(admin, '/nothing/'), { code: 'not_found' });
  });

  it('answers HEAD like GET, without a body', async () => {
    const answer = await visitor(t, school.host).send({
      method: 'HEAD',
      url: '/api/v1/current-tenant/theme/',
    });
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(answer.headers.etag).toBeDefined();
  });
});

describe('the documentation', () => {
  it('is at hand, also under its old name', async () => {
    const docs = await visitor(t).page('/api/v1/docs/');
    expect(docs.status).toBe(200);
    expect(docs.text).toMatch(/swagger/i);
    for (const path of ['/swagger/', '/swagger']) {
      const answer = await visitor(t).page(path);
      expect(answer.status).toBe(302);
      expect(answer.headers.location).toBe('/api/v1/docs/');
    }
  });
});

describe('health', () => {
  it('answers on any host', async () => {
    for (const host of ['nowhere.example', t.base, school.host]) {
      expect(await visitor(t, host).send({ method: 'GET', url: '/healthz' })).toMatchObject({
        status: 200,
        body: { status: 'ok' },
      });
      const ready = await visitor(t, host).send({ method: 'GET', url: '/readyz' });
      expect(ready).toMatchObject({ status: 200, body: { status: 'ready' } });
    }
  });
});

describe('an error of ours', () => {
  it('is 500 with its id and says nothing of its cause', async () => {
    const head = await schoolAdmin(t, school);
    await t.sql(`ALTER TABLE ${school.schemaName}.announcements RENAME TO elsewhere`);
    const answer = await head.get('/announcements/');
    expectProblem(answer, { code: 'internal_error' });
    expect(answer.text).not.toMatch(/announcements|relation|select|at .*\.ts/i);
    await t.sql(`ALTER TABLE ${school.schemaName}.elsewhere RENAME TO announcements`);
    expect((await head.get('/announcements/')).status).toBe(200);
  });
});
