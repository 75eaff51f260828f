import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import { type Client, member, schoolAdmin, visitor } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem } from '../../../test/support/refusals.ts';
import { formOf } from '../../../test/support/upload.ts';

let t: TestApp;
let school: School;
let admin: Client;
beforeAll(async () => {
  t = await createTestApp();
  school = await createSchool(t);
  admin = await schoolAdmin(t, school);
});
afterAll(() => t.close());

const drawing = (background: string) =>
  sharp({ create: { width: 200, height: 80, channels: 3, background } })
    .png()
    .toBuffer();
const put = (client: Client, mark: string, filename: string, content: Buffer | string) => {
  const { payload, headers } = formOf([{ name: 'file', filename, content }]);
  return client.send({ method: 'PUT', url: `/api/v1/current-tenant/${mark}/`, payload, headers });
};
const theme = async () => (await visitor(t, school.host).get('/current-tenant/theme/')).body;
const used = async () =>
  (
    await t.sql<{ bytes: number }>(
      'SELECT storage_bytes::float8 AS bytes FROM public.tenant_usage WHERE tenant_id = $1',
      [school.id],
    )
  )[0]?.bytes;

describe('the logo of a school', () => {
  it('is shown to visitors from an address that changes with it, also where the library is off', async () => {
    await t.services.tenants.updateModules(
      { actor: { type: 'operator', id: null, label: 'test' }, ip: null, requestId: null },
      school.id,
      { media: false },
    );
    const { status, body } = await put(admin, 'logo', 'écusson.png', await drawing('#a01428'));
    expect(status).toBe(200);
    expect(body.logo_url).toMatch(/^\/api\/v1\/current-tenant\/logo\/\?v=[0-9a-f]{32}$/);
    expect((await theme()).logo_url).toBe(body.logo_url);
    const seen = await visitor(t, school.host).get(body.logo_url.replace('/api/v1', ''));
    expect(seen.status).toBe(200);
    expect(seen.headers).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    const other = await createSchool(t);
    expectProblem(await visitor(t, other.host).get(body.logo_url.replace('/api/v1', '')), {
      code: 'not_found',
    });
  });

  it('proposes colours, the strongest first', async () => {
    await put(admin, 'logo', 'logo.png', await drawing('#143ca0'));
    const { results } = (await admin.get('/current-tenant/logo/colours/')).body;
    expect(results[0].primary_color).toBe('#143ca0');
  });

  it('that is replaced stays for the history, and its old address leads to the new one', async () => {
    const first = await put(admin, 'logo', 'logo.png', await drawing('#00695c'));
    const second = await put(admin, 'logo', 'logo.png', await drawing('#e65100'));
    expect(second.body.logo_url).not.toBe(first.body.logo_url);
    const old = await visitor(t, school.host).get(first.body.logo_url.replace('/api/v1', ''));
    expect([old.status, old.headers['cache-control']]).toEqual([200, 'public, no-cache']);
    await admin.post('/current-tenant/theme/rollback/', {
      version: (await admin.get('/current-tenant/theme/history/')).body.results[1].version,
    });
    expect((await theme()).logo_url).toBe(first.body.logo_url);
  });

  it('is not among the files of the library; taken off once more is no change', async () => {
    await t.services.tenants.updateModules(
      { actor: { type: 'operator', id: null, label: 'test' }, ip: null, requestId: null },
      school.id,
      { media: true },
    );
    expect((await admin.get('/media/')).body.results).toEqual([]);
    const versions = async () => (await admin.get('/current-tenant/theme/history/')).body.count;
    const before = await versions();
    for (let time = 0; time < 2; time += 1) {
      const answer = await admin.delete('/current-tenant/logo/');
      expect([answer.status, answer.body.logo_url]).toEqual([200, null]);
    }
    expect(await versions()).toBe(before + 1);
  });

  it('is a picture, and an administrator’s to choose', async () => {
    const before = await used();
    expectProblem(await put(admin, 'logo', 'logo.png', 'not a picture'), { code: 'file_type_refused' });
    expect((await theme()).logo_url).toBeNull();
    expect(await used()).toBe(before);
    const teacher = await member(t, school, 'teacher');
    expectProblem(await put(teacher, 'logo', 'logo.png', await drawing('#000')), {
      code: 'permission_denied',
    });
  });
});

it('a favicon takes the place of the one that is drawn', async () => {
  const drawn = (await theme()).favicon_url;
  const { body } = await put(admin, 'favicon', 'icon.png', await drawing('#6a1b9a'));
  expect(body.favicon_url).toContain('/current-tenant/favicon/?v=');
  await admin.delete('/current-tenant/favicon/');
  expect((await theme()).favicon_url.split('?')[0]).toBe(drawn.split('?')[0]);
});
