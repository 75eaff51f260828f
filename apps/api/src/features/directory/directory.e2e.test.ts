import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import {
  schoolAdmin,
  student,
  superadmin,
  teacher,
  visitor,
  type Client,
} from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';
import { createPublicFetch } from '../../platform/public-fetch.ts';
import { createPictureService } from './index.ts';

let t: TestApp;
let admin: Client;
let meta: School;
let network: School;
let hugo: School;
let verne: School;
let hugoHead: Client;
let verneHead: Client;
let networkHead: Client;

beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
  meta = await createSchool(t, { school_type: 'network', school_name: 'Réseau Préau' });
  network = await createSchool(t, { school_type: 'network', school_name: 'Réseau des lycées' });
  hugo = await createSchool(t, { school_name: 'Lycée Victor Hugo', city: 'Besançon' });
  verne = await createSchool(t, {
    school_name: 'Collège Jules Verne',
    school_type: 'college',
    city: 'Nantes',
  });
  hugoHead = await schoolAdmin(t, hugo);
  verneHead = await schoolAdmin(t, verne);
  networkHead = await schoolAdmin(t, network);
});
afterAll(() => t.close());

/** Closing a school ended the sessions of its people. */
const reopen = async () => {
  await admin.post(`/tenants/${hugo.id}/activate/`);
  hugoHead = await schoolAdmin(t, hugo);
};
const day = { starts_at: '2027-03-10T18:00', ends_at: '2027-03-10T20:00' };
const spring = { from: '2027-03-01', to: '2027-04-01' };
const titles = async (client: Client, path: string, query: Record<string, string> = spring) => {
  const { body, status, text } = await client.get(path, { query });
  expect(status, text).toBe(200);
  expect(body.results).toHaveLength(body.count);
  return body.results.map(({ title }: { title: string }) => title);
};
const anyone = (school?: School) => visitor(t, school ? school.host : t.base);
const join = async (head: Client, other: School, otherHead: Client, own: School) => {
  expect((await head.post('/network/memberships/', { subdomain: other.subdomain })).status).toBe(201);
  expect((await otherHead.post(`/network/memberships/${own.id}/accept/`)).status).toBe(200);
};

describe('the directory', () => {
  it('shows to anybody the schools that asked to be shown, and no other', async () => {
    expect((await anyone().get('/directory/')).body).toMatchObject({ count: 0, results: [] });
    const changed = await hugoHead.patch('/network/profile/', {
      listed: true,
      short_description: 'Le lycée au bord du Doubs',
      long_description: 'Options théâtre et musique.',
      tags: ['Théâtre', 'internat'],
      instagram: 'https://example.org/hugo',
    });
    expect(changed.body).toMatchObject({ listed: true, tags: ['théâtre', 'internat'] });
    const { body } = await anyone().get('/directory/');
    expect(body).toMatchObject({ count: 1, next: null, previous: null });
    expect(body.results[0]).toEqual({
      id: hugo.id,
      slug: hugo.subdomain,
      school_name: 'Lycée Victor Hugo',
      school_type: 'lycee',
      short_description: 'Le lycée au bord du Doubs',
      long_description: 'Options théâtre et musique.',
      phone: '0123456789',
      email: 'contact@lycee-hugo.fr',
      website: null,
      address: '123 rue Victor Hugo',
      postal_code: '75001',
      city: 'Besançon',
      twitter: null,
      facebook: null,
      instagram: 'https://example.org/hugo',
      legal_documents: null,
      map_img: null,
      img_variations: null,
      logo_variations: null,
      tags: ['théâtre', 'internat'],
      domain_url: expect.stringContaining(hugo.host),
      primary_color: '#2E7D32',
      secondary_color: '#1B5E20',
      has_agenda: true,
    });
    for (const name of [hugo.id, hugo.subdomain])
      expect((await anyone().get(`/directory/${name}/`)).body).toEqual(body.results[0]);
    expectProblem(await anyone().get(`/directory/${verne.id}/`), { code: 'not_found' });
    expectProblem(await anyone(hugo).get('/directory/'), { code: 'not_found' });
    expect((await anyone(meta).get('/directory/')).body.count).toBe(1);
    expect((await anyone(network).get('/directory/')).body.count).toBe(0);
  });

  it.each([
    [{ search: 'hugo besancon' }, 1],
    [{ search: 'nantes' }, 0],
    [{ school_type: 'lycee' }, 1],
    [{ school_type: 'college' }, 0],
    [{ tag: 'THÉÂTRE' }, 1],
    [{ tag: 'piscine' }, 0],
    [{ city: 'besançon' }, 1],
    [{ city: 'Nantes' }, 0],
  ])('is searched by %j', async (query, count) => {
    expect((await anyone().get('/directory/', { query })).body.count).toBe(count);
  });

  it('shows nothing of a school from the moment it is closed', async () => {
    await admin.post(`/tenants/${hugo.id}/deactivate/`, { reason: 'Travaux' });
    expect((await anyone().get('/directory/')).body.count).toBe(0);
    expectProblem(await anyone().get(`/directory/${hugo.id}/`), { code: 'not_found' });
    await reopen();
    expect((await anyone().get('/directory/')).body.count).toBe(1);
  });

  it('is not for a teacher to change', async () => {
    const author = await teacher(t, hugo);
    await expectRefusal(t, () => author.patch('/network/profile/', { listed: false }), {
      code: 'permission_denied',
    });
  });
});

describe('membership of a network', () => {
  it('begins when both sides agree, whoever asks first, and is in the trail of both', async () => {
    const asked = await hugoHead.post('/network/memberships/', {
      subdomain: network.subdomain,
      message: 'Bonjour',
    });
    expect(asked.body).toMatchObject({ id: network.id, status: 'waiting', asked_by: 'us' });
    expectProblem(await hugoHead.post(`/network/memberships/${network.id}/accept/`), {
      code: 'not_yours_to_accept',
    });
    const { body: waiting } = await networkHead.get('/network/memberships/');
    expect(waiting).toMatchObject([{ id: hugo.id, asked_by: 'them', message: 'Bonjour', status: 'waiting' }]);
    expectProblem(await hugoHead.post('/network/memberships/', { subdomain: network.subdomain }), {
      code: 'membership_exists',
    });
    const accepted = await networkHead.post(`/network/memberships/${hugo.id}/accept/`);
    expect(accepted.body).toMatchObject({ status: 'accepted', accepted_at: expect.any(String) });
    expect((await admin.get(`/tenants/${hugo.id}/`)).body.network).toMatchObject({ id: network.id });
    for (const school of [hugo, network]) {
      const rows = await t.sql<{ action: string }>(
        `SELECT action FROM public.audit_log WHERE tenant_id = $1 AND action LIKE 'network.%' ORDER BY seq`,
        [school.id],
      );
      expect(rows.map(({ action }) => action)).toEqual(['network.ask', 'network.accept']);
    }
    // The network asks the other one, which refuses.
    await networkHead.post('/network/memberships/', { subdomain: verne.subdomain });
    expectProblem(await networkHead.post(`/network/memberships/${verne.id}/accept/`), {
      code: 'not_yours_to_accept',
    });
    expect((await verneHead.delete(`/network/memberships/${network.id}/`)).status).toBe(204);
    expect((await networkHead.get('/network/memberships/')).body).toHaveLength(1);
    await hugoHead.delete(`/network/memberships/${network.id}/`);
    expect((await admin.get(`/tenants/${hugo.id}/`)).body.network).toBeNull();
  });

  it('is set by the platform too', async () => {
    await admin.patch(`/tenants/${verne.id}/`, { network: network.subdomain });
    expect((await networkHead.get('/network/memberships/')).body).toMatchObject([
      { id: verne.id, status: 'accepted' },
    ]);
    await admin.patch(`/tenants/${verne.id}/`, { network: null });
    expect((await networkHead.get('/network/memberships/')).body).toEqual([]);
  });
});

describe('the agenda of a network', () => {
  it('shows each reader what is shared with them, in the transaction of the change', async () => {
    await join(hugoHead, network, networkHead, hugo);
    await join(verneHead, network, networkHead, verne);
    const enter = async (title: string, visibility: string, tags: string[] = []) =>
      (await hugoHead.post('/events/', { title, visibility, tags, ...day })).body.id;
    await enter('Conseil', 'school');
    const shared = await enter('Tournoi', 'network', ['Sport']);
    await enter('Portes ouvertes', 'public', ['accueil']);
    const pupil = await student(t, verne);

    expect(await titles(pupil, '/network/agenda/')).toEqual(['Tournoi', 'Portes ouvertes']);
    expect(await titles(pupil, '/network/agenda/', { ...spring, tag: 'sport' })).toEqual(['Tournoi']);
    expect(await titles(anyone(network), '/agenda/')).toEqual(['Portes ouvertes']);
    expect(await titles(anyone(), '/agenda/')).toEqual(['Portes ouvertes']);
    expect(await titles(anyone(hugo), '/agenda/')).toEqual(['Portes ouvertes']);
    expect(await titles(anyone(verne), '/agenda/')).toEqual([]);
    expect(await titles(anyone(), '/agenda/', { ...spring, school: hugo.id })).toEqual(['Portes ouvertes']);
    expect(await titles(anyone(), '/agenda/', { ...spring, school: verne.id })).toEqual([]);
    expect(await titles(anyone(), '/agenda/', { ...spring, tag: 'sport' })).toEqual([]);

    const file = await anyone().get('/agenda.ics', { query: spring });
    expect(file.headers['content-type']).toContain('text/calendar');
    expect(file.text).toContain('SUMMARY:Portes ouvertes');
    expect(file.text).not.toContain('Tournoi');

    await hugoHead.patch(`/events/${shared}/`, { visibility: 'school' });
    expect(await titles(pupil, '/network/agenda/')).toEqual(['Portes ouvertes']);
    await hugoHead.patch(`/events/${shared}/`, { visibility: 'network', title: 'Tournoi d’échecs' });
    expect(await titles(pupil, '/network/agenda/')).toContain('Tournoi d’échecs');
    await hugoHead.delete(`/events/${shared}/`);
    expect(await titles(pupil, '/network/agenda/')).toEqual(['Portes ouvertes']);
  });

  it('follows one occurrence of a series that is moved or taken out', async () => {
    const { body } = await hugoHead.post('/events/', {
      title: 'Ciné-club',
      visibility: 'network',
      starts_at: '2027-03-05T20:00',
      ends_at: '2027-03-05T22:00',
      recurrence: 'FREQ=WEEKLY;COUNT=3',
    });
    await hugoHead.delete(`/events/${body.id}/occurrences/2027-03-12/`);
    await hugoHead.patch(`/events/${body.id}/occurrences/2027-03-19/`, { title: 'Ciné-débat' });
    const names = await titles(verneHead, '/network/agenda/');
    expect(names.filter((name: string) => name.startsWith('Ciné'))).toEqual(['Ciné-club', 'Ciné-débat']);
    await hugoHead.delete(`/events/${body.id}/`);
  });

  it('shows what spans days from before the period asked for', async () => {
    const { body } = await hugoHead.post('/events/', {
      title: 'Semaine de la presse',
      visibility: 'network',
      starts_at: '2027-02-25',
      ends_at: '2027-03-02',
    });
    expect(await titles(verneHead, '/network/agenda/')).toContain('Semaine de la presse');
    expect(await titles(verneHead, '/network/agenda/', { from: '2027-03-03', to: '2027-03-05' })).toEqual([]);
    await hugoHead.delete(`/events/${body.id}/`);
  });

  it.each([
    [
      'is closed',
      async () => void (await admin.post(`/tenants/${hugo.id}/deactivate/`, { reason: 'x' })),
      reopen,
    ],
    [
      'switches the module off',
      async () =>
        void (await admin.post(`/tenants/${hugo.id}/update_modules/`, {
          modules_enabled: { agenda: false },
        })),
      async () =>
        void (await admin.post(`/tenants/${hugo.id}/update_modules/`, { modules_enabled: { agenda: true } })),
    ],
    [
      'leaves the network',
      async () => void (await hugoHead.delete(`/network/memberships/${network.id}/`)),
      () => join(hugoHead, network, networkHead, hugo),
    ],
  ])('shows nothing of a school that %s, at once, and all of it when that ends', async (_, end, begin) => {
    expect(await titles(verneHead, '/network/agenda/')).toEqual(['Portes ouvertes']);
    await end();
    expect(await titles(verneHead, '/network/agenda/')).toEqual([]);
    expect(await titles(anyone(network), '/agenda/')).toEqual([]);
    await begin();
    expect(await titles(verneHead, '/network/agenda/')).toEqual(['Portes ouvertes']);
    expect(await titles(anyone(network), '/agenda/')).toEqual(['Portes ouvertes']);
  });

  it('of visitors holds no school that does not show itself', async () => {
    await hugoHead.patch('/network/profile/', { listed: false });
    expect(await titles(anyone(), '/agenda/')).toEqual([]);
    expect(await titles(anyone(network), '/agenda/')).toEqual([]);
    expect(await titles(verneHead, '/network/agenda/')).toEqual(['Portes ouvertes']);
    await hugoHead.patch('/network/profile/', { listed: true });
    expect(await titles(anyone(), '/agenda/')).toEqual(['Portes ouvertes']);
  });

  it('is not that of a school outside it', async () => {
    const stranger = await createSchool(t);
    const pupil = await student(t, stranger);
    expectProblem(await pupil.get('/network/agenda/'), { code: 'no_network' });
    expectProblem(await pupil.get('/network/agenda/', { query: { network: network.id } }), {
      code: 'no_network',
    });
    expectProblem(await pupil.get('/network/directory/', { query: { network: network.id } }), {
      code: 'no_network',
    });
    expect((await verneHead.get('/network/directory/')).body.results).toHaveLength(2);
  });

  it('is written anew from the rows of the school', async () => {
    await t.sql('DELETE FROM public.agenda_events WHERE tenant_id = $1', [hugo.id]);
    expect(await titles(verneHead, '/network/agenda/')).toEqual([]);
    expect(await t.services.events.shareAgain(hugo.ref)).toBe(1);
    expect(await titles(verneHead, '/network/agenda/')).toEqual(['Portes ouvertes']);
  });

  it('cannot be written by a school in the name of another, nor by nobody', async () => {
    await expect(
      t.services.tenancy.write(verne.ref, async ({ trx }) => {
        await trx.raw('DELETE FROM public.agenda_entries');
      }),
    ).rejects.toThrow(/permission denied/);
    await expect(t.sql('SELECT tenant_api.withdraw_event(NULL)')).rejects.toThrow(/tenant transactions/);
  });
});

describe('a picture that a school names', () => {
  let server: Server;
  let address: string;
  beforeAll(async () => {
    const image = await sharp({ create: { width: 1200, height: 800, channels: 3, background: '#246' } })
      .jpeg()
      .toBuffer();
    server = createServer((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: '/image.jpg' }).end();
      else if (request.url === '/page') response.setHeader('content-type', 'text/html').end('<p>');
      else if (request.url === '/false') response.setHeader('content-type', 'image/png').end('no picture');
      else response.setHeader('content-type', 'image/jpeg').end(image);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());
  const fetching = (allowPrivate: boolean) =>
    createPictureService({
      ...t.services,
      fetch: createPublicFetch({ allowPrivate, patience: 2_000, mostBytes: 1024 * 1024 }),
    });
  const never = new AbortController().signal;

  it('is fetched once and then shown from the school’s own files', async () => {
    await hugoHead.patch('/network/profile/', { img_url: `${address}/moved` });
    expect(await fetching(true).fetchWanted(never)).toMatchObject({ fetched: 1 });
    const { body } = await anyone().get(`/directory/${hugo.id}/`);
    expect(Object.keys(body.img_variations).toSorted()).toEqual(
      ['crop', 'crop_hdr', 'fhd', 'hdr', 'med', 'thumbnail'].toSorted(),
    );
    const picture = await anyone().send({ method: 'GET', url: body.img_variations.med });
    expect(picture.status).toBe(200);
    expect(picture.headers['content-type']).toMatch(/^image\//);
    await hugoHead.patch('/network/profile/', { listed: false });
    expect((await anyone().send({ method: 'GET', url: body.img_variations.med })).status).toBe(404);
    await hugoHead.patch('/network/profile/', { listed: true });
    await hugoHead.patch('/network/profile/', { img_url: null });
    expect((await anyone().get(`/directory/${hugo.id}/`)).body.img_variations).toBeNull();
  });

  it.each([
    ['an address of this machine', () => `${address}/image.jpg`, false],
    ['a name that leads to this machine', () => address.replace('127.0.0.1', 'localhost'), false],
    ['a page', () => `${address}/page`, true],
    ['what only says that it is one', () => `${address}/false`, true],
  ])('is refused for %s, and not tried again', async (_, url, allowPrivate) => {
    await hugoHead.patch('/network/profile/', { img_url: url() });
    expect(await fetching(allowPrivate).fetchWanted(never)).toMatchObject({ fetched: 0, schools: 1 });
    expect((await hugoHead.get('/network/profile/')).body).toMatchObject({ img_url: null, has_img: false });
    const [{ action } = { action: '' }] = await t.sql<{ action: string }>(
      'SELECT action FROM public.audit_log WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1',
      [hugo.id],
    );
    expect(action).toBe('directory.refuse_picture');
  });
});
