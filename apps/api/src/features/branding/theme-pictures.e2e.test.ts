import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import { member, schoolAdmin, visitor, type Answer, type Client } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem } from '../../../test/support/refusals.ts';
import { formOf, uploadFile } from '../../../test/support/upload.ts';
import { SYSTEM } from '../audit/index.ts';

const PICTURES = '/current-tenant/theme/pictures/';
const DRAFT = '/current-tenant/theme/draft/';
const PUBLISH = '/current-tenant/theme/publish/';
const ROLLBACK = '/current-tenant/theme/rollback/';
const COLOURS = { primary_color: '#2E7D32', secondary_color: '#123456' };
const DAY = 86_400_000;

let t: TestApp;
let school: School;
let head: Client;
let deputy: Client;
beforeAll(async () => {
  t = await createTestApp();
});
afterAll(() => t.close());
beforeEach(async () => {
  school = await createSchool(t);
  head = await schoolAdmin(t, school);
  deputy = await schoolAdmin(t, school);
});

const drawing = (background: string) =>
  sharp({ create: { width: 60, height: 40, channels: 3, background } })
    .png()
    .toBuffer();
const send = async (client: Client, colour: string): Promise<Answer> =>
  uploadFile(client, 'écusson.png', await drawing(colour), {}, {}, PICTURES);
const sent = async (client: Client, colour: string): Promise<string> => (await send(client, colour)).body.id;
const tagOf = async (client: Client) => ({ 'if-match': (await client.get(DRAFT)).headers['etag'] ?? '' });
const put = (client: Client, look: object, headers?: Record<string, string>) =>
  client.put(DRAFT, { ...COLOURS, ...look }, { headers });
const seen = async () => (await visitor(t, school.host).get('/current-tenant/theme/')).body;
const below = (url: string) => url.replace('/api/v1', '');
const history = async () => (await head.get('/current-tenant/theme/history/')).body.results;
const setNow = async (mark: 'logo' | 'favicon', colour: string) => {
  const { payload, headers } = formOf([{ name: 'file', filename: 'x.png', content: await drawing(colour) }]);
  return head.send({ method: 'PUT', url: `/api/v1/current-tenant/${mark}/`, payload, headers });
};
/** Names of what is kept. */
const kept = async () =>
  (
    await t.sql<{ name: string }>(
      `SELECT replace(id::text, '-', '') AS name FROM "${school.schemaName}".media_files WHERE kept_by = 'branding' ORDER BY id`,
    )
  ).map(({ name }) => name);
const collect = (days: number) =>
  t.services.themePictures.collect(school.ref, SYSTEM, Date.now() + days * DAY);

describe('a picture of the draft', () => {
  it('is seen by those who may change the look and by nobody else, until it is published with the colours', async () => {
    const before = await seen();
    const { status, body } = await send(head, '#a01428');
    expect(status).toBe(201);
    const saved = await put(head, { logo: body.id });
    expect(saved.body).toMatchObject({ is_kept: true, logo: body, favicon: null, published: { logo: null } });

    const shown = await deputy.get(below(body.url));
    expect([shown.status, shown.headers['content-type'], shown.headers['cache-control']]).toEqual([
      200,
      'image/png',
      'private, max-age=300',
    ]);
    const teacher = await member(t, school, 'teacher');
    expectProblem(await teacher.get(below(body.url)), { code: 'permission_denied' });
    expectProblem(await visitor(t, school.host).get(below(body.url)), { code: 'not_authenticated' });
    expectProblem(await visitor(t, school.host).get(`/current-tenant/logo/?v=${body.id}`), {
      code: 'not_found',
    });
    // Nor as a file of the library, by the id that its name is made of.
    const id = body.id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    expectProblem(await head.get(`/media/${id}/`), { code: 'not_found' });
    expectProblem(await head.get(`/media/${id}/content/`), { code: 'not_found' });
    expect(await seen()).toEqual(before);

    const published = await deputy.post(PUBLISH);
    expect(published.body.logo_url).toBe(`/api/v1/current-tenant/logo/?v=${body.id}`);
    const after = await seen();
    expect(after.logo_url).toBe(published.body.logo_url);
    expect(after.version).not.toBe(before.version);
    const logo = await visitor(t, school.host).get(below(after.logo_url));
    expect([logo.status, logo.headers['cache-control']]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ]);
    expect((await history())[0]).toMatchObject({
      version: 2,
      changed: ['secondary_color', 'logo'],
      logo: body,
      pictures_kept: true,
      is_current: true,
    });
  });

  it('that nobody names in a draft stays as it is; null is the one that is drawn', async () => {
    const [logo, favicon] = [await sent(head, '#a01428'), await sent(head, '#143ca0')];
    await put(head, { logo, favicon });
    expect((await put(head, { primary_color: '#4E342E' })).body).toMatchObject({
      logo: { id: logo },
      favicon: { id: favicon },
    });
    expect((await put(head, { logo: null })).body).toMatchObject({ logo: null, favicon: { id: favicon } });
    await head.post(PUBLISH);
    expect(await seen()).toMatchObject({
      logo_url: null,
      favicon_url: `/api/v1/current-tenant/favicon/?v=${favicon}`,
    });
  });

  it('of two editors at once neither is lost: the second is told, and its own is still there to choose', async () => {
    const headers = await tagOf(head);
    const [mine, theirs] = [await sent(head, '#a01428'), await sent(deputy, '#143ca0')];
    const answers = await Promise.all([
      put(head, { logo: mine }, headers),
      put(deputy, { logo: theirs }, headers),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412]);
    const [late, own] = answers[0]?.status === 412 ? [head, mine] : [deputy, theirs];
    expect((await late.get(`${PICTURES}${own}/`)).status).toBe(200);
    const settled = await put(late, { logo: own }, await tagOf(late));
    expect(settled.body.logo.id).toBe(own);
  });

  it('is not published over a logo that was set meanwhile by a program', async () => {
    await put(head, { logo: await sent(head, '#a01428') });
    const headers = await tagOf(head);
    await setNow('logo', '#143ca0');
    expectProblem(await head.post(PUBLISH, undefined, { headers }), { code: 'precondition_failed' });
    expect((await history())[0]).toMatchObject({ version: 2, changed: ['logo'] });
  });

  it('proposes its colours before it is published', async () => {
    const picture = await sent(head, '#143ca0');
    const { results } = (await head.get(`/current-tenant/logo/colours/?picture=${picture}`)).body;
    expect(results[0].primary_color).toBe('#143ca0');
    expect((await head.get('/current-tenant/logo/colours/')).body.results).toEqual([]);
  });

  it('is a picture, within the room that the school has', async () => {
    expectProblem(await uploadFile(head, 'logo.png', 'no picture', {}, {}, PICTURES), {
      code: 'file_type_refused',
    });
    const logo = await sent(head, '#a01428');
    await put(head, { logo });
    await t.sql(
      'UPDATE public.tenant_usage SET storage_bytes = storage_bytes + (SELECT max_storage_gb * 1000000000::bigint FROM public.tenants WHERE id = $1) WHERE tenant_id = $1',
      [school.id],
    );
    expectProblem(await send(head, '#143ca0'), { code: 'quota_exceeded' });
    expect((await head.get(DRAFT)).body.logo.id).toBe(logo);
    expect(await kept()).toEqual([logo]);
  });

  it('of another school is not there, to look at or to put into a draft', async () => {
    const secret = await sent(head, '#a01428');
    const other = await createSchool(t);
    const stranger = await schoolAdmin(t, other);
    expectProblem(await stranger.get(`${PICTURES}${secret}/`), { code: 'not_found' });
    expectProblem(await put(stranger, { logo: secret }), { code: 'theme_picture_gone' });
    expectProblem(await stranger.get(`/current-tenant/logo/colours/?picture=${secret}`), {
      code: 'not_found',
    });
    expect((await stranger.get(DRAFT)).body.is_kept).toBe(false);
  });
});

describe('the history', () => {
  it('brings the pictures of a version back with its colours, and has those that were set at once', async () => {
    const first = (await setNow('logo', '#a01428')).body.logo_url;
    await setNow('favicon', '#a01428');
    await put(head, { ...COLOURS, primary_color: '#4E342E', logo: await sent(head, '#143ca0') });
    await head.post(PUBLISH);
    expect((await history()).map(({ changed }: { changed: string[] }) => changed)).toEqual([
      ['primary_color', 'secondary_color', 'logo'],
      ['favicon'],
      ['logo'],
      [],
    ]);
    const back = await deputy.post(ROLLBACK, { version: 3 });
    expect(back.body).toMatchObject({ primary_color: '#2E7D32', logo_url: first });
    expect((await visitor(t, school.host).get(below(first))).status).toBe(200);
    await deputy.post(ROLLBACK, { version: 1 });
    expect((await seen()).logo_url).toBeNull();
    const trail = await t.sql<{ after: object; before: object }>(
      `SELECT before, after FROM public.audit_log WHERE tenant_id = $1 AND action = 'theme.rollback' ORDER BY seq DESC LIMIT 1`,
      [school.id],
    );
    expect(trail[0]).toMatchObject({ before: { logo_url: first }, after: { logo_url: null } });
  });

  it('does not go back to a picture whose file is gone: nothing changes', async () => {
    const logo = await sent(head, '#a01428');
    await put(head, { logo });
    await head.post(PUBLISH);
    await put(head, { logo: null });
    await head.post(PUBLISH);
    await t.sql(`DELETE FROM "${school.schemaName}".media_files WHERE kept_by = 'branding'`);
    expectProblem(await head.post(ROLLBACK, { version: 2 }), { code: 'theme_picture_gone' });
    expect(await history()).toHaveLength(3);
  });

  it('keeps the pictures of its newest twenty versions; of an older one the colours come back alone', async () => {
    const logo = await sent(head, '#a01428');
    await put(head, { primary_color: '#4E342E', logo });
    await head.post(PUBLISH);
    await put(head, { logo: null });
    await head.post(PUBLISH);
    await collect(2);
    expect(await kept()).toEqual([logo]);
    await t.sql(
      `INSERT INTO public.theme_versions (tenant_id, version, primary_color, secondary_color)
       SELECT $1, n, '#2E7D32', '#123456' FROM generate_series(4, 22) n`,
      [school.id],
    );
    const old = (await head.get('/current-tenant/theme/history/?page=2')).body.results;
    expect(old[0]).toMatchObject({ version: 2, pictures_kept: false, logo: null });
    expect(await collect(2)).toBe(1);
    const used = 'SELECT storage_bytes::int AS used FROM public.tenant_usage WHERE tenant_id = $1';
    expect([await kept(), await t.sql(used, [school.id])]).toEqual([[], [{ used: 0 }]]);
    const back = await head.post(ROLLBACK, { version: 2 });
    expect(back.body).toMatchObject({ primary_color: '#4E342E', logo_url: null });
  });
});

describe('what nothing names', () => {
  it('waits a day, also where its sender was killed before the draft named it, and is deleted with its room', async () => {
    const [waiting, drafted] = [await sent(head, '#a01428'), await sent(head, '#143ca0')];
    await put(head, { logo: drafted });
    expect(await collect(0)).toBe(0);
    expect(await collect(2)).toBe(1);
    expect(await kept()).toEqual([drafted]);
    expectProblem(await put(head, { logo: waiting }), { code: 'theme_picture_gone' });
    expect((await head.get(DRAFT)).body.logo.id).toBe(drafted);

    await head.delete(DRAFT);
    expect(await collect(2)).toBe(1);
    expect(await kept()).toEqual([]);
  });

  it('cannot be named any more in its last hour, when it may be being deleted', async () => {
    const picture = await sent(head, '#a01428');
    await t.sql(
      `UPDATE "${school.schemaName}".media_files SET created_at = now() - interval '23 hours 1 minute'`,
    );
    expectProblem(await put(head, { logo: picture }), { code: 'theme_picture_gone' });
  });

  it('of before drafts had pictures is found by the start of its sum, and kept as long as it is named', async () => {
    const url = (await setNow('logo', '#a01428')).body.logo_url;
    await t.sql(`UPDATE "${school.schemaName}".media_files SET created_at = now() - interval '3 days'`);
    const [file] = await t.sql<{ sum: string }>(
      `SELECT left(sha256, 16) AS sum FROM "${school.schemaName}".media_files`,
    );
    const old = url.replace(/v=.*/, `v=${file?.sum}`);
    await t.sql('UPDATE public.tenants SET logo_url = $2 WHERE id = $1', [school.id, old]);
    await t.sql('DELETE FROM public.theme_versions WHERE tenant_id = $1', [school.id]);
    t.services.directory.forgetTenant(school.id);
    expect((await visitor(t, school.host).get(below(old))).headers['content-type']).toBe('image/png');
    await put(head, { primary_color: '#4E342E' });
    await head.post(PUBLISH);
    expect(await seen()).toMatchObject({ primary_color: '#4E342E', logo_url: old });
    expect(await kept()).toHaveLength(1);
  });
});
