import { KEY_SCOPES } from '@preau/contracts/permissions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, newTenantBody, type School } from '../../../test/support/builders.ts';
import {
  type Client,
  createClient,
  platformKey,
  schoolAdmin,
  schoolKey,
  superadmin,
  teacher,
} from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem } from '../../../test/support/refusals.ts';

let t: TestApp;
let admin: Client;
let school: School;
let head: Client;
beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
  school = await createSchool(t);
  head = await schoolAdmin(t, school);
});
afterAll(() => t.close());

const make = async (over: object = {}, client = head, path = '/api_keys/') => {
  const answer = await client.post(path, { name: 'Cantine', scopes: ['school:read'], ...over });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
};
const using = (key: string, host = school.host, spelling: 'api-key' | 'authorization' = 'api-key') =>
  createClient(t, host, { [spelling]: spelling === 'api-key' ? key : `Api-Key ${key}` });
const actionsOf = async (tenantId: string, like: string) =>
  (
    await t.sql<{ action: string }>(
      'SELECT action FROM audit.log WHERE tenant_id = $1 AND action LIKE $2 ORDER BY seq',
      [tenantId, like],
    )
  ).map(({ action }) => action);

describe('keys of a school', () => {
  it('are made, listed and revoked by its administrator and by the platform, and show their secret once', async () => {
    const own = await make({ name: ' Cantine ' });
    expect(own).toMatchObject({
      name: 'Cantine',
      tenant_id: school.id,
      allowed_addresses: [],
      expires_at: null,
    });
    const given = await make({}, admin, `/tenants/${school.id}/api_keys/`);
    for (const [client, path] of [
      [head, '/api_keys/'],
      [admin, `/tenants/${school.id}/api_keys/`],
    ] as const) {
      const { body, text } = await client.get(path);
      expect(body.results.map(({ id }: { id: string }) => id)).toEqual([given.id, own.id]);
      expect(text).not.toContain(own.secret);
    }
    expect((await admin.get('/platform/api_keys/')).text).not.toContain(own.id);
    expectProblem(await admin.delete(`/platform/api_keys/${own.id}/`), { code: 'not_found' });
    expect((await head.delete(`/api_keys/${given.id}/`)).status).toBe(204);
    expect((await admin.delete(`/tenants/${school.id}/api_keys/${own.id}/`)).status).toBe(204);
    for (const { key } of [own, given])
      expectProblem(await using(key).get('/current-tenant/info/'), { code: 'invalid_api_key' });
    expect(await actionsOf(school.id, 'api_key.%')).toEqual([
      'api_key.create',
      'api_key.create',
      'api_key.revoke',
      'api_key.revoke',
    ]);
    expectProblem(await admin.get(`/tenants/${crypto.randomUUID()}/api_keys/`), { code: 'not_found' });
  });

  it('work in both spellings on the school’s host, for their scopes alone', async () => {
    const { key } = await make({ scopes: ['announcements:read', 'announcements:write'] });
    for (const spelling of ['api-key', 'authorization'] as const)
      expect((await using(key, school.host, spelling).get('/announcements/')).status).toBe(200);
    const program = using(key);
    const { body } = await program.post('/announcements/', { title: 'Menu', body: 'Lentilles' });
    expect((await program.patch(`/announcements/${body.id}/`, { title: 'Menus' })).status).toBe(200);
    expectProblem(await program.get('/current-tenant/info/'), { code: 'permission_denied' });
    expectProblem(await program.get('/api_keys/'), { code: 'permission_denied' });
    expect(await actionsOf(school.id, 'announcement.%')).toEqual([
      'announcement.create',
      'announcement.update',
    ]);
  });

  it('stand for their school where no host names one', async () => {
    const { key } = await make({ scopes: ['school:read'] });
    for (const host of [t.base, t.consoleHost]) {
      const { status, body } = await using(key, host).get('/current-tenant/info/');
      expect([status, body.id]).toEqual([200, school.id]);
      const { body: theme } = await using(key, host).get('/current-tenant/theme/');
      expect(theme.school_name).toBe('Lycée Victor Hugo');
      expectProblem(await using(key, host).get('/tenants/'), { code: 'not_found' });
    }
    expect((await using('wrong.key', t.base).get('/current-tenant/theme/')).body.school_name).toBe('Préau');
  });

  it('are refused on another school’s host, which puts it down', async () => {
    const other = await createSchool(t);
    const { key, id } = await make();
    for (let times = 0; times < 2; times += 1)
      expectProblem(await using(key, other.host).get('/current-tenant/info/'), { code: 'wrong_host' });
    expect(await actionsOf(other.id, 'api_key.%')).toEqual(['api_key.wrong_host']);
    const stranger = await schoolAdmin(t, other);
    expectProblem(await stranger.delete(`/api_keys/${id}/`), { code: 'not_found' });
    expectProblem(await admin.delete(`/tenants/${other.id}/api_keys/${id}/`), { code: 'not_found' });
    expectProblem(await admin.post(`/tenants/${other.id}/api_keys/${id}/rotate/`), { code: 'not_found' });
  });

  it('stop with the school, and go with it', async () => {
    const closing = await createSchool(t);
    const program = await schoolKey(t, closing, ['school:read']);
    expect((await program.at(t.base).get('/current-tenant/info/')).status).toBe(200);
    await admin.post(`/tenants/${closing.id}/deactivate/`, { reason: 'Été' });
    for (const host of [closing.host, t.base])
      expectProblem(await program.at(host).get('/current-tenant/info/'), { code: 'tenant_inactive' });
    await admin.delete(`/tenants/${closing.id}/`, {
      query: { purge: true },
      headers: { 'x-confirm': closing.subdomain },
    });
    t.services.apiKeys.forgetAll();
    expect(await t.sql('SELECT FROM public.api_keys WHERE tenant_id = $1', [closing.id])).toEqual([]);
  });

  it('can be used from the addresses that were named, and nowhere else', async () => {
    const { key } = await make({ allowed_addresses: ['192.0.2.0/24', '2001:db8::/32'] });
    expectProblem(await using(key).get('/current-tenant/info/'), { code: 'address_not_allowed' });
    expect(await actionsOf(school.id, 'api_key.address%')).toEqual(['api_key.address_not_allowed']);
    const answer = await using(key).send({
      method: 'GET',
      url: '/api/v1/current-tenant/info/',
      remoteAddress: '192.0.2.77',
    });
    expect(answer.status).toBe(200);
    const here = await make({ allowed_addresses: ['127.0.0.1'] });
    expect((await using(here.key).get('/current-tenant/info/')).status).toBe(200);
  });

  it('say when they were last used, written once a minute', async () => {
    const { key, id } = await make();
    const written = async () =>
      (
        await t.sql<{ xmin: string; last_used_at: Date }>(
          'SELECT xmin::text, last_used_at FROM public.api_keys WHERE id = $1',
          [id],
        )
      )[0];
    await using(key).get('/current-tenant/info/');
    const first = await written();
    expect(first?.last_used_at).not.toBeNull();
    for (let times = 0; times < 5; times += 1) await using(key).get('/current-tenant/info/');
    expect(await written()).toEqual(first);
  });

  it.each([
    [{ scopes: ['tenants:create'] }, 'scopes.0', 'enum'],
    [{ scopes: ['school:keys'] }, 'scopes.0', 'enum'],
    [{ scopes: [] }, 'scopes', 'empty'],
    [{ allowed_addresses: ['everywhere'] }, 'allowed_addresses.0', 'cidr'],
    [{ allowed_addresses: ['10.0.0.0/33'] }, 'allowed_addresses.0', 'cidr'],
    [{ name: ' ' }, 'name', 'blank'],
  ])('are not made of %o', async (over, path, code) => {
    const answer = await head.post('/api_keys/', { name: 'x', scopes: ['school:read'], ...over });
    expectProblem(answer, { code: 'invalid_input', errors: { [path]: code } });
  });

  it('are nobody’s but the administrator’s to make', async () => {
    const author = await teacher(t, school);
    expectProblem(await author.get('/api_keys/'), { code: 'permission_denied' });
    expectProblem(await author.post('/api_keys/', { name: 'x', scopes: ['school:read'] }), {
      code: 'permission_denied',
    });
  });
});

describe('rotation', () => {
  it('makes the next key with the same rights, while the former works until its time is over', async () => {
    const former = await make({ scopes: ['school:read'], allowed_addresses: ['127.0.0.0/8'] });
    const { status, body } = await head.post(`/api_keys/${former.id}/rotate/`, { overlap_hours: 2 });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: 'Cantine',
      scopes: ['school:read'],
      allowed_addresses: ['127.0.0.0/8'],
    });
    expect(Date.parse(body.previous_expires_at) - Date.now()).toBeGreaterThan(7_000_000);
    for (const { key } of [former, body])
      expect((await using(key).get('/current-tenant/info/')).status).toBe(200);
    await t.sql("UPDATE public.api_keys SET expires_at = now() - interval '1 second' WHERE id = $1", [
      former.id,
    ]);
    t.services.apiKeys.forget(former.prefix);
    expectProblem(await using(former.key).get('/current-tenant/info/'), { code: 'invalid_api_key' });
    expect((await using(body.key).get('/current-tenant/info/')).status).toBe(200);
  });

  it('ends the former at once without an overlap, and never lengthens its life', async () => {
    const { key, id } = await make();
    await using(key).get('/current-tenant/info/');
    await head.post(`/api_keys/${id}/rotate/`, { overlap_hours: 0 });
    expectProblem(await using(key).get('/current-tenant/info/'), { code: 'invalid_api_key' });
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const short = await make({ expires_at: soon });
    const { body } = await head.post(`/api_keys/${short.id}/rotate/`, { overlap_hours: 720 });
    expect(body.previous_expires_at).toBe(soon);
    // As long a life as the former was given.
    expect(Date.parse(body.expires_at)).toBeGreaterThan(Date.parse(soon) - 1_000);
    expectProblem(await head.post(`/api_keys/${short.id}/rotate/`, { overlap_hours: 721 }), {
      code: 'invalid_input',
    });
  });
});

describe('another process', () => {
  it.each([
    ['revocation', (id: string) => head.delete(`/api_keys/${id}/`)],
    ['rotation without overlap', (id: string) => head.post(`/api_keys/${id}/rotate/`, { overlap_hours: 0 })],
  ])('hears of a %s within a second', async (_, end) => {
    const other = await createTestApp({ fresh: t.fresh });
    try {
      const { key, id, prefix } = await make();
      const there = createClient(other, school.host, { 'api-key': key });
      expect((await there.get('/current-tenant/info/')).status).toBe(200);
      const heard = other.hears('key', prefix);
      const began = performance.now();
      expect((await end(id)).status).toBeLessThan(300);
      await heard;
      expectProblem(await there.get('/current-tenant/info/'), { code: 'invalid_api_key' });
      expect(performance.now() - began).toBeLessThan(1_000);
    } finally {
      await other.close();
    }
  });
});

describe('a key that may enter schools', () => {
  it('builds the space of those that it entered itself, also after a rotation, and of no other', async () => {
    const key = await platformKey(t, ['tenants:create']);
    const mine = (await key.post('/tenants/', newTenantBody())).body.id;
    const others = (await createSchool(t, { provisioned: false })).id;
    expectProblem(await key.post(`/tenants/${others}/provision/`), { code: 'permission_denied' });
    expectProblem(await key.post(`/tenants/${crypto.randomUUID()}/provision/`), { code: 'not_found' });
    const { body: next } = await admin.post(`/platform/api_keys/${key.id}/rotate/`, {});
    const rotated = createClient(t, t.base, { 'api-key': next.key });
    expect((await rotated.post(`/tenants/${mine}/provision/`)).status).toBe(200);
    const able = await platformKey(t, ['tenants:provision']);
    expect((await able.post(`/tenants/${others}/provision/`)).status).toBe(200);
    expect(KEY_SCOPES).toContain('tenants:provision');
  });
});
