import { KEY_SCOPES } from '@preau/contracts/permissions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool } from '../../../test/support/builders.ts';
import { type Client, createClient, platformKey, superadmin } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';

let t: TestApp;
let admin: Client;
beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
});
afterAll(() => t.close());

const create = (over: object = {}) =>
  admin.post('/platform/api_keys/', { name: 'Import', scopes: ['tenants:read'], ...over });
const withKey = (headers: Record<string, string>) => createClient(t, t.base, headers);

describe('platform API keys', () => {
  it('are shown once, kept as a hash, and work in both headers', async () => {
    const { status, body } = await create({ name: ' Import ' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: 'Import',
      scopes: ['tenants:read'],
      expires_at: null,
      last_used_at: null,
    });
    expect(body.key).toBe(`${body.prefix}.${body.secret}`);
    // Typed after `preau keys revoke`, where a leading hyphen would be an option.
    expect(body.prefix).toMatch(/^[0-9a-f]{12}$/);
    const spellings: Record<string, string>[] = [
      { 'api-key': body.key },
      { authorization: `Api-Key ${body.key}` },
      { authorization: `api-key ${body.key}` },
    ];
    for (const headers of spellings) {
      expect((await withKey(headers).get('/tenants/')).status).toBe(200);
    }
    const { body: list } = await admin.get('/platform/api_keys/');
    const [listed] = list.results;
    expect(listed).toMatchObject({ id: body.id, prefix: body.prefix });
    expect(listed.last_used_at).not.toBeNull();
    expect(JSON.stringify(list)).not.toContain(body.secret);
    const rows = await t.sql<{ row: string }>(
      'SELECT k::text AS row FROM public.api_keys k UNION ALL SELECT a::text FROM public.audit_log a',
    );
    expect(rows.filter(({ row }) => row.includes(body.secret))).toEqual([]);
  });

  it('are refused when unknown, half, altered or expired', async () => {
    const { body } = await create();
    const expired = await create({ expires_at: '2026-01-01T00:00:00+01:00' });
    for (const key of [
      'x',
      '',
      '.',
      body.prefix,
      `${body.prefix}.`,
      `${body.key}x`,
      `${body.prefix}.${'a'.repeat(43)}`,
      `other.${body.secret}`,
      'a'.repeat(500),
      expired.body.key,
    ]) {
      expectProblem(await withKey({ 'api-key': key }).get('/tenants/'), { code: 'invalid_api_key' });
    }
    expectProblem(await withKey({ authorization: `Bearer ${body.key}` }).get('/tenants/'), {
      code: 'not_authenticated',
    });
  });

  it('carry no more than their scopes, and none can make keys', async () => {
    const all = await platformKey(t, [...KEY_SCOPES]);
    for (const ask of [
      () => all.get('/platform/api_keys/'),
      () => all.post('/platform/api_keys/', { name: 'x', scopes: ['tenants:read'] }),
      () => all.delete(`/platform/api_keys/${all.id}/`),
    ]) {
      await expectRefusal(t, ask, { code: 'permission_denied' });
    }
    expectProblem(await all.get('/auth/me/'), { code: 'not_authenticated' });
  });

  it('do not open a school', async () => {
    const school = await createSchool(t);
    const all = await platformKey(t, [...KEY_SCOPES]);
    for (const path of ['/current-tenant/info/', '/announcements/']) {
      expect((await all.at(school.host).get(path)).status).toBe(403);
    }
  });

  it('win over a cookie, so that a wrong key is not covered up', async () => {
    expectProblem(await admin.get('/tenants/', { headers: { 'api-key': 'wrong.key' } }), {
      code: 'invalid_api_key',
    });
  });

  it('end at once when revoked, and cannot be revoked twice', async () => {
    const { body } = await create();
    const client = withKey({ 'api-key': body.key });
    expect((await client.get('/tenants/')).status).toBe(200);
    expect(await admin.delete(`/platform/api_keys/${body.id}/`)).toMatchObject({ status: 204, text: '' });
    expectProblem(await client.get('/tenants/'), { code: 'invalid_api_key' });
    expectProblem(await admin.delete(`/platform/api_keys/${body.id}/`), { code: 'not_found' });
    const { body: list } = await admin.get('/platform/api_keys/');
    expect(list.results.map(({ id }: { id: string }) => id)).not.toContain(body.id);
  });

  it.each([
    [{ name: ' ' }, { name: 'blank' }],
    [{ scopes: [] }, { scopes: 'empty' }],
    [{ scopes: ['keys:manage'] }, { 'scopes.0': 'enum' }],
    [{ scopes: ['school:brand'] }, { 'scopes.0': 'enum' }],
    [{ scopes: 'tenants:read' }, { scopes: 'type' }],
    [{ expires_at: 'tomorrow' }, { expires_at: 'format' }],
    [{ secret: 'mine' }, { secret: 'unknown_field' }],
  ])('refuse %o', async (over, errors) => {
    const answer = await create(over);
    expectProblem(answer, { code: 'invalid_input', errors });
  });

  it('that a browser on another site sends are still keys: no cookie is involved', async () => {
    const key = await platformKey(t, ['tenants:create']);
    const answer = await key.post('/tenants/', {}, { headers: { 'sec-fetch-site': 'cross-site' } });
    expectProblem(answer, { code: 'invalid_input' });
  });
});
