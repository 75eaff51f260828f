import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformKey, superadmin, visitor, type Client } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { exampleOf, runExample } from '../../../test/support/python-example.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';
import { createPublicFetch } from '../../platform/public-fetch.ts';
import { createPictureService } from '../directory/index.ts';

let t: TestApp;
let key: Client & { key: string };
beforeAll(async () => {
  t = await createTestApp();
  key = await platformKey(t, ['tenants:create']);
});
afterAll(() => t.close());

/** Of the shape that programs send. */
const place = (over: object = {}) => ({
  organisation: 'Le Bisik',
  short_description: ' Le lieu des musiques actuelles de Saint-Benoît',
  long_description: 'Un lieu né il y a cinq ans, dans l’Est de La Réunion : concerts, résidences, ateliers.',
  phone: '0692929292',
  email: 'contact+bisik@example.org',
  site_web: 'http://bisik.example.org',
  postal_code: '97410',
  img_url: 'http://bisik.example.org/uploads/2019/01/Bisik.jpg',
  logo_url: 'http://bisik.example.org/uploads/2017/05/logo-Bisik.png',
  categorie: 'S',
  ...over,
});
const create = async (over: object = {}) => {
  const { status, body, text } = await key.post('/place/', place(over));
  expect(status, text).toBe(201);
  return body;
};
const actionsOf = async (id: string): Promise<string[]> =>
  (
    await t.sql<{ action: string }>('SELECT action FROM public.audit_log WHERE tenant_id = $1 ORDER BY seq', [
      id,
    ])
  ).map(({ action }) => action);

describe('the example of the documentation', () => {
  it('makes a school that everybody finds in the list, with no more than an address and a key of one’s own', async () => {
    const port = await t.listen();
    const example = exampleOf('docs/how-to/create-schools.md');
    const { output, ran } = await runExample(example, {
      url: `http://localhost:${port}/api/v1/place/`,
      key: key.key,
    });
    const made = JSON.parse(output);
    expect(made, `${ran}: ${output}`).toMatchObject({
      organisation: 'École du Port',
      slug: 'ecole-du-port',
      adress: null,
      city: null,
      site_web: 'http://ecole-du-port.example.org',
      postal_code: '29200',
      categorie: 'ecole',
      img_variations: null,
      logo_variations: null,
    });
    const anyone = visitor(t, t.base);
    const { body } = await anyone.get('/place/');
    const { first_admin: invited, ...shown } = made;
    expect(body).toEqual({ count: 1, next: null, previous: null, results: [shown] });
    for (const name of [made.uuid, made.slug])
      expect((await anyone.get(`/place/${name}/`)).body).toEqual(shown);
    // Without the slash too, and on the console.
    expect((await anyone.at(t.consoleHost).get('/place')).body.count).toBe(1);
    expect((await visitor(t, `ecole-du-port.${t.base}`).get('/current-tenant/theme/')).status).toBe(200);
    expect(invited.email).toBe('contact+ecole@example.org');
    expect((await anyone.get('/directory/ecole-du-port/')).body.id).toBe(made.uuid);
  });
});

describe('a place', () => {
  it('is a school whose name is made free with a number, also of several at once', async () => {
    const made = await Promise.all(
      ['Le Bisik', 'Le  Bisik', 'LE BISIK'].map((organisation) => create({ organisation })),
    );
    expect(new Set(made.map(({ slug }) => slug))).toEqual(new Set(['le-bisik', 'le-bisik-2', 'le-bisik-3']));
    for (const { uuid } of made)
      expect(await actionsOf(uuid)).toEqual(
        expect.arrayContaining(['tenant.create', 'directory.update_profile', 'tenant.provision']),
      );
  });

  it.each([
    ['a reserved name', 'Admin', 'ecole-admin'],
    ['no letters of a host', '学校', 'ecole'],
  ])('gets a subdomain from %s', async (_, organisation, slug) => {
    expect(await create({ organisation })).toMatchObject({ organisation, slug });
  });

  it('leaves a name to whom it is kept for', async () => {
    await t.sql(
      `INSERT INTO public.signups (id, status, email, mailbox, full_name, school_name, school_type, subdomain, language, code_hash, expires_at)
       VALUES (gen_random_uuid(), 'waiting', 'somebody@example.org', 'somebody@example.org', 'Somebody', 'Kept', 'ecole',
         'place-gardee', 'fr', '', now())`,
    );
    expect(await create({ organisation: 'Place gardée' })).toMatchObject({ slug: 'place-gardee-2' });
  });

  it.each([
    ['M', 'network'],
    ['A', 'ecole'],
    ['college', 'college'],
    ['lycee_pro', 'lycee_pro'],
  ])('of category %s is of type %s', async (categorie, type) => {
    const { categorie: answered, uuid } = await create({ organisation: `Genre ${categorie}`, categorie });
    expect(answered).toBe(type);
    const [row] = await t.sql('SELECT school_type, status FROM public.tenants WHERE id = $1', [uuid]);
    expect(row).toEqual({ school_type: type, status: 'active' });
  });

  it('keeps its address, its trimmed descriptions and what else it says', async () => {
    const made = await create({ organisation: 'Adresse', adress: '1 rue du Port', city: 'Brest' });
    expect(made).toMatchObject({
      adress: '1 rue du Port',
      city: 'Brest',
      short_description: 'Le lieu des musiques actuelles de Saint-Benoît',
      phone: '0692929292',
    });
    const { body } = await visitor(t, t.base).get('/place/', { query: { search: 'brest' } });
    expect(body.results).toMatchObject([{ uuid: made.uuid }]);
    const admin = await superadmin(t);
    expect((await admin.get(`/tenants/${made.uuid}/`)).body.school).toMatchObject({
      name: 'Adresse',
      website: 'http://bisik.example.org',
    });
  });

  it('is made once by two requests with the same idempotency key', async () => {
    const headers = { 'idempotency-key': 'place-1' };
    const [one, other] = [
      await key.post('/place/', place({ organisation: 'Une fois' }), { headers }),
      await key.post('/place/', place({ organisation: 'Une fois' }), { headers }),
    ];
    expect(other.body).toEqual(one.body);
    expect(await t.sql(`SELECT id FROM public.tenants WHERE name = 'Une fois'`)).toHaveLength(1);
  });

  it('says all that is wrong at once, and makes nothing', async () => {
    const { organisation: _, ...rest } = place({
      categorie: 'R',
      phone: 'abc',
      img_url: 'ftp://x.example.org/',
      more: 1,
    });
    await expectRefusal(t, () => key.post('/place/', rest), {
      code: 'invalid_input',
      errors: {
        organisation: 'required',
        categorie: 'enum',
        phone: 'phone',
        img_url: 'url',
        more: 'unknown_field',
      },
    });
    expectProblem(await visitor(t, t.base).post('/place/', place()), { code: 'not_authenticated' });
  });

  it('is gone from the list when it no longer wants to be seen', async () => {
    const { uuid } = await create({ organisation: 'Discrète' });
    const anyone = visitor(t, t.base);
    expect((await anyone.get(`/place/${uuid}/`)).status).toBe(200);
    await t.sql('UPDATE public.directory_profiles SET listed = false WHERE tenant_id = $1', [uuid]);
    expectProblem(await anyone.get(`/place/${uuid}/`), { code: 'not_found' });
  });
});

describe('the pictures of a place', () => {
  let house: Server;
  let address: string;
  beforeAll(async () => {
    const picture = await sharp({ create: { width: 320, height: 200, channels: 3, background: '#2E7D32' } })
      .png()
      .toBuffer();
    house = createServer((request, response) => {
      const there = request.url === '/image.png';
      response.writeHead(there ? 200 : 404, { 'content-type': there ? 'image/png' : 'text/html' });
      response.end(there ? picture : 'no');
    });
    await new Promise<void>((resolve) => void house.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(house.address() as AddressInfo).port}`;
    // Those of the schools above, whose addresses are nobody's.
    await t.sql('UPDATE public.directory_profiles SET img_source = NULL, logo_source = NULL');
  });
  afterAll(() => new Promise((resolve) => void house.close(resolve)));

  /** As the job does it. */
  const fetchWanted = (allowPrivate: boolean) =>
    createPictureService({
      ...t.services,
      fetch: createPublicFetch({ allowPrivate, patience: 2_000, mostBytes: 1024 * 1024 }),
    }).fetchWanted(new AbortController().signal);
  const shown = async (uuid: string) => (await visitor(t, t.base).get(`/place/${uuid}/`)).body;

  it('are fetched by a job that is asked for at once, and shown in all sizes', async () => {
    const { uuid } = await create({
      organisation: 'Avec images',
      img_url: `${address}/image.png`,
      logo_url: `${address}/image.png`,
    });
    expect(
      await t.sql(`SELECT kind FROM public.jobs WHERE tenant_id = $1 AND kind = 'directory.fetch_pictures'`, [
        uuid,
      ]),
    ).toHaveLength(1);
    expect(await fetchWanted(true)).toMatchObject({ fetched: 2 });
    const { img_variations: pictures, logo_variations: logos } = await shown(uuid);
    for (const url of [pictures.med, logos.thumbnail])
      expect((await visitor(t, t.base).send({ method: 'GET', url })).headers['content-type']).toMatch(
        /^image\//,
      );
  });

  it('that cannot be fetched leave the school as it is, and a line in its trail', async () => {
    const { uuid } = await create({
      organisation: 'Sans images',
      img_url: `${address}/missing.png`,
      logo_url: 'http://[::1]/logo.png',
    });
    expect(await fetchWanted(false)).toMatchObject({ fetched: 0 });
    expect(await shown(uuid)).toMatchObject({ img_variations: null, logo_variations: null });
    expect((await actionsOf(uuid)).filter((action) => action === 'directory.refuse_picture')).toHaveLength(2);
  });
});
