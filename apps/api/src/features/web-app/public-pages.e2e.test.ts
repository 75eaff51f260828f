import type { WritePage } from '@preau/contracts/public-pages';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import {
  schoolAdmin,
  superadmin,
  teacher,
  visitor,
  type Answer,
  type Client,
} from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { codeOf, lastMailTo } from '../../../test/support/mailbox.ts';
import { expectProblem } from '../../../test/support/refusals.ts';
import { PLATFORM_THEME } from '../current-tenant/index.ts';
import { finishJob } from '../jobs/index.ts';

let t: TestApp;
let school: School;
let head: Client;
let author: Client;
const HOSTILE = '</script><img src=x onerror=alert(1)> "&\' <!-- $& -->';

beforeAll(async () => {
  t = await createTestApp({ built: true });
  await createSchool(t, { school_type: 'network', school_name: 'Réseau Préau' });
  school = await createSchool(t, { school_name: 'Lycée Victor Hugo', city: 'Besançon' });
  head = await schoolAdmin(t, school);
  author = await teacher(t, school);
  await head.patch('/network/profile/', {
    listed: true,
    short_description: HOSTILE,
    tags: ['théâtre'],
  });
});
afterAll(() => t.close());

const read = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  visitor(t).page(path, { 'accept-language': 'fr', ...headers });
/** What a reader without scripts has before them. */
const shownIn = ({ text }: Answer): string => {
  expect(text).not.toMatch(/<img src=x|<noscript| style="| on\w+="/);
  expect(text.match(/<style>/g)).toHaveLength(1);
  return text.slice(text.indexOf('<div id="app">'));
};

describe('a page of the public site, read without scripts', () => {
  it('says what it says with them: headings, links, title and description', async () => {
    const home = await read('/');
    expect(home.status).toBe(200);
    expect(shownIn(home)).toMatch(/<h1[^>]*>Un préau, plusieurs écoles<\/h1>/);
    expect(shownIn(home)).toContain('href="/directory"');
    expect(home.text).toMatch(/<link rel="stylesheet" crossorigin href="\/assets\//);
    expect(home.text).toContain('<meta name="description" content="Chaque établissement');
    expect(home.headers['content-security-policy']).not.toContain('unsafe');
    const english = await read('/', { 'accept-language': 'en' });
    expect(shownIn(english)).toMatch(/<h1[^>]*>[^<]*schools/);
    expect(home.text).not.toBe(english.text);
  });

  it('lists the schools, and no longer one that has left', async () => {
    const page = await read('/directory');
    expect(page.text).toMatch(/<title>Annuaire des établissements – Préau<\/title>/);
    const text = shownIn(page);
    expect(text).toMatch(/<a href="\/directory\/[^"]+"[^>]*>Lycée Victor Hugo<\/a>/);
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(text).toContain('1 établissement');
    // The same bytes while nothing has changed.
    expect((await read('/directory')).text).toBe(page.text);
    expect(shownIn(await read('/directory?search=nulle+part'))).toContain(
      'Aucun établissement ne correspond',
    );
    expect(shownIn(await read('/directory?tag=th%C3%A9%C3%A2tre'))).toContain('Lycée Victor Hugo');
    expect(shownIn(await read(`/directory?search=${encodeURIComponent(HOSTILE)}`))).toContain('&lt;img');

    await head.patch('/network/profile/', { listed: false });
    expect(shownIn(await read('/directory'))).not.toContain('Victor Hugo');
    expect((await read(`/directory/${school.subdomain}`)).status).toBe(404);
    await head.patch('/network/profile/', { listed: true });
    const own = await read(`/directory/${school.subdomain}`);
    expect(own.status).toBe(200);
    expect(own.text).toMatch(/<title>Lycée Victor Hugo – Préau<\/title>/);
    expect(shownIn(own)).toContain('Besançon');
  });

  it('shows the agenda by keyword and by page', async () => {
    const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    for (const [title, tags] of [
      ['Portes ouvertes', ['visite']],
      ['Concert', ['musique']],
    ] as const) {
      const made = await author.post('/events/', {
        title,
        starts_at: `${day}T10:00`,
        ends_at: `${day}T11:00`,
        visibility: 'public',
        tags,
      });
      expect(made.status, made.text).toBe(201);
    }
    const all = shownIn(await read('/agenda'));
    expect(all).toContain('>Portes ouvertes</h3>');
    expect(all).toMatch(/href="\/agenda\?tag=musique"/);
    const music = shownIn(await read('/agenda?tag=musique'));
    expect(music).toContain('>Concert</h3>');
    expect(music).not.toContain('>Portes ouvertes</h3>');
    expect(shownIn(await read('/agenda?page=2'))).toContain('Aucun événement à venir');
  });

  it('is nothing to keep where the API fails, and leads back to itself', async () => {
    const file = new URL('../../../../web/dist/server/public.js', import.meta.url);
    const { writePage } = (await import(file.href)) as { writePage: WritePage };
    const boot = {
      face: 'public',
      language: 'fr',
      theme: PLATFORM_THEME.value,
      state: 'open',
      has_session: false,
      base: { scheme: 'http', domain: 'localhost', port: null },
    } as const;
    const page = await writePage({
      boot,
      address: new URL('http://localhost/agenda?tag=musique'),
      mode: 'system',
      ask: async () => ({ status: 503, headers: {}, text: '{}' }),
    });
    expect(page).toMatchObject({ status: 503, answers: {} });
    expect(page.html).toMatch(/<a href="\/agenda\?tag=musique"[^>]*>Réessayer<\/a>/);
  });

  it('is 404 where there is none, and another face’s page is what it was', async () => {
    expect((await read('/nowhere')).status).toBe(404);
    expect((await read('/directory/nobody')).status).toBe(404);
    expect((await read('/directory/%E0%A4%A')).status).not.toBe(500);
    for (const host of [school.host, t.consoleHost, 'nowhere.localhost'])
      expect((await visitor(t, host).page('/')).text).toContain('class="first-frame"');
  });
});

/** A browser that runs no scripts: its cookies, and its forms. */
function plainBrowser(address: string) {
  const jar = new Map<string, string>();
  const keep = (answer: Answer): Answer => {
    for (const line of answer.cookies) {
      const [pair = ''] = line.split(';');
      const [name = '', value = ''] = pair.split('=');
      if (/max-age=0/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  };
  const headers = () => ({
    accept: 'text/html',
    'accept-language': 'fr',
    cookie: [...jar].map((entry) => entry.join('=')).join('; '),
  });
  const guest = visitor(t);
  return {
    jar,
    open: async (path: string) =>
      keep(await guest.send({ method: 'GET', url: path, remoteAddress: address, headers: headers() })),
    send: async (path: string, fields: Record<string, string>, more: Record<string, string> = {}) =>
      keep(
        await guest.send({
          method: 'POST',
          url: path,
          remoteAddress: address,
          headers: { ...headers(), 'content-type': 'application/x-www-form-urlencoded', ...more },
          payload: new URLSearchParams(fields).toString(),
        }),
      ),
  };
}
const FORM = '/tenant/new/';
const wish = (email: string) => ({
  step: 'ask',
  school_name: 'Collège "Éluard" & Cie',
  school_type: 'college',
  full_name: 'Camille Dupré',
  email,
  fax: '',
});

describe('a school asked for without scripts', () => {
  it('is asked for step by step, with the errors beside the fields and nothing lost', async () => {
    const email = 'sans-script@example.org';
    const browser = plainBrowser('198.51.100.10');
    expect(shownIn(await browser.open(`${FORM}?email=${email}`))).toContain(`value="${email}"`);

    const refused = await browser.send(FORM, { ...wish('not an address'), full_name: '' });
    expect(refused.status).toBe(400);
    const again = shownIn(refused);
    expect(again).toContain('value="Collège &quot;Éluard&quot; &amp; Cie"');
    expect(again).toContain('value="not an address"');
    expect(again).toMatch(/<option value="college" selected/);
    expect(again.match(/aria-invalid="true"/g)).toHaveLength(2);
    expect(refused.text).not.toMatch(/<script type="module"|modulepreload/);

    const asked = await browser.send(FORM, wish(email));
    expect(asked).toMatchObject({ status: 303, headers: { location: FORM } });
    expect(asked.cookies[0]).toMatch(/HttpOnly; SameSite=Strict/);
    const code = codeOf(await lastMailTo(t, email));
    const asking = await browser.open(FORM);
    expect(asking.headers['cache-control']).toBe('no-store');
    expect(shownIn(asking)).toContain(email);

    const wrong = await browser.send(FORM, { step: 'code', code: code === '000000' ? '111111' : '000000' });
    expect(wrong.status).toBeGreaterThanOrEqual(400);
    expect(shownIn(wrong)).toMatch(/aria-invalid="true"/);
    expect((await browser.send(FORM, { step: 'code', code })).status).toBe(303);
    expect(shownIn(await browser.open(FORM))).toContain('name="subdomain"');

    const details = {
      step: 'details',
      school_name: 'Collège Éluard',
      school_type: 'college',
      subdomain: 'console',
      phone: '01 23 45 67 89',
      address: '1 rue de l’Eure',
      postal_code: '27000',
      city: 'Évreux',
      uai: '',
      website: '',
      message: 'Une\nlettre',
    };
    const taken = await browser.send(FORM, details);
    expect(taken.status).toBe(400);
    expect(shownIn(taken)).toContain('Une\nlettre</textarea>');
    expect((await browser.send(FORM, { ...details, subdomain: 'eluard-plain' })).status).toBe(303);
    expect(shownIn(await browser.open(FORM))).toContain('Votre demande attend une réponse');

    const root = await superadmin(t);
    const { body: list } = await root.get('/signups/', { query: { search: 'eluard-plain' } });
    await root.post(`/signups/${list.results[0].id}/approve/`, {});
    const [job] = await t.sql<{ id: string }>(
      "SELECT id FROM public.jobs WHERE kind = 'signup.open' AND payload->>'signup_id' = $1",
      [list.results[0].id],
    );
    await finishJob(t.services, job?.id ?? '', () => {});
    expect(shownIn(await browser.open(FORM))).toContain('Votre espace est ouvert');
    expect(shownIn(await browser.send(FORM, { step: 'enter' }))).toMatch(
      /href="http:\/\/eluard-plain\.localhost/,
    );
    await browser.send(FORM, { step: 'again' });
    expect(browser.jar.size).toBe(0);
    expect(shownIn(await browser.open(FORM))).toContain('name="full_name"');
  });

  it('meets the limits of the API, from the address that asks', async () => {
    const browser = plainBrowser('198.51.100.11');
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1)
      statuses.push((await browser.send(FORM, wish('beaucoup@example.org'))).status);
    expect(statuses.slice(0, 5)).toEqual([303, 303, 303, 303, 303]);
    expect(statuses[5]).toBe(429);
    expect((await plainBrowser('198.51.100.12').send(FORM, wish('une-autre@example.org'))).status).toBe(303);
  });

  it('is refused to another site’s form, and lives at the base alone', async () => {
    const browser = plainBrowser('198.51.100.13');
    const fields = wish('ailleurs@example.org');
    expectProblem(await browser.send(FORM, fields, { 'sec-fetch-site': 'cross-site' }), {
      code: 'cross_site_request',
    });
    expectProblem(await browser.send(FORM, fields, { origin: 'https://elsewhere.example' }), {
      code: 'cross_site_request',
    });
    expectProblem(await browser.send(FORM, fields, { host: school.host }), { code: 'not_found' });
    expectProblem(await browser.send('/api/v1/signup/', fields), { code: 'unsupported_media_type' });
  });

  it('leads to the list of one’s schools as well', async () => {
    const browser = plainBrowser('198.51.100.14');
    expect((await browser.send('/my-schools', { email: 'not an address' })).status).toBe(400);
    const sent = await browser.send('/my-schools', { email: 'qui@example.org' });
    expect(sent.status).toBe(200);
    expect(shownIn(sent)).toContain('qui@example.org');
  });
});

describe('language and colours, chosen without scripts', () => {
  it('are kept, and lead back to the page, never to another site', async () => {
    const browser = plainBrowser('198.51.100.15');
    const chosen = await browser.send('/choose', { language: 'en', back: '/agenda?tag=musique' });
    expect(chosen).toMatchObject({ status: 303, headers: { location: '/agenda?tag=musique' } });
    await browser.send('/choose', { mode: 'dark', back: '/' });
    const page = await browser.open('/directory');
    expect(page.text).toMatch(/<html lang="en" data-mode="dark"/);
    expect(shownIn(page)).toMatch(
      /value="dark"[^>]*aria-pressed="true"|aria-pressed="true"[^>]*value="dark"/,
    );
    for (const back of ['//elsewhere.example', 'https://elsewhere.example', '/\\elsewhere.example', 'x'])
      expect((await browser.send('/choose', { mode: 'system', back })).headers.location, back).toBe('/');
    await browser.send('/choose', { language: 'xx; Path=/', mode: 'system' });
    expect([...browser.jar]).toEqual([['preau_language', 'en']]);
  });
});
