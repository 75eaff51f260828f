import { createHash } from 'node:crypto';
import { BOOT_ELEMENT_ID, type Boot } from '@preau/contracts/boot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import { type Answer, type Client, superadmin, visitor } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem } from '../../../test/support/refusals.ts';

let t: TestApp;
let admin: Client;
let school: School;
beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
  school = await createSchool(t);
});
afterAll(() => t.close());

const bootOf = ({ text }: Answer): Boot =>
  JSON.parse(
    new RegExp(`<script type="application/json" id="${BOOT_ELEMENT_ID}">([^]*?)</script>`).exec(text)?.[1] ??
      'null',
  );
const titleOf = ({ text }: Answer) => /<title>([^]*?)<\/title>/.exec(text)?.[1];

describe('the page of a host', () => {
  it('is the school’s in its first frame: title, icon, colours and theme, before any request', async () => {
    const page = await visitor(t, school.host).page();
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(titleOf(page)).toBe('Lycée Victor Hugo');
    expect(page.text).not.toContain('Préau');
    const boot = bootOf(page);
    const { body: theme } = await visitor(t, school.host).get('/current-tenant/theme/');
    expect(boot).toMatchObject({
      face: 'portal',
      language: 'fr',
      state: 'open',
      base: { scheme: 'http', domain: 'localhost', port: 3000 },
    });
    expect(boot.theme).toEqual(theme);
    expect(page.text).toContain(`--preau-primary:${theme.palette.light.primary}`);
    expect(page.text).toContain(`<link rel="icon" href="${theme.favicon_url}">`);
    expect(page.text).toContain('<html lang="fr"');
    expect(page.text).toMatch(/<div id="app"><div class="first-frame"><span>Lycée Victor Hugo/);
  });

  it('allows its one style by hash, and no script but its own files', async () => {
    const page = await visitor(t, school.host).page();
    const csp = page.headers['content-security-policy'] ?? '';
    const styles = [...page.text.matchAll(/<style>([^]*?)<\/style>/g)].map((match) => match[1] ?? '');
    expect(styles).toHaveLength(1);
    const hash = createHash('sha256')
      .update(styles[0] ?? '')
      .digest('base64');
    expect(csp).toContain(`style-src 'self' 'sha256-${hash}'`);
    expect(csp).toMatch(/script-src 'self'(;|$)/);
    expect(csp).not.toContain('unsafe');
    expect(csp).toContain(`frame-ancestors 'self'`);
    expect(page.text).not.toMatch(/ style="|<script>| on\w+="/);
    expect(page.headers['x-content-type-options']).toBe('nosniff');
  });

  it('is put into no other page, a school’s into none but its own', async () => {
    for (const host of [t.consoleHost, t.base]) {
      const page = await visitor(t, host).page();
      expect(page.headers['content-security-policy']).toContain(`frame-ancestors 'none'`);
    }
  });

  it('is the console’s or the public site’s on their hosts', async () => {
    expect(bootOf(await visitor(t, t.consoleHost).page())).toMatchObject({
      face: 'console',
      state: 'open',
      theme: { school_name: 'Préau' },
    });
    for (const host of [t.base, `www.${t.base}`]) {
      expect(bootOf(await visitor(t, host).page())).toMatchObject({ face: 'public', state: 'open' });
    }
  });

  it('is 404 on an unknown host, 403 on a school that is not open, in its own colours', async () => {
    const unknown = await visitor(t, 'nowhere.localhost').page();
    expect(unknown.status).toBe(404);
    expect(bootOf(unknown)).toMatchObject({ state: 'unknown', theme: { school_name: 'Préau' } });

    const pending = await createSchool(t, { provisioned: false, school_name: 'Collège à venir' });
    const preparing = await visitor(t, pending.host).page();
    expect(preparing.status).toBe(403);
    expect(bootOf(preparing)).toMatchObject({
      face: 'portal',
      state: 'not_ready',
      theme: { school_name: 'Collège à venir' },
    });

    const closing = await createSchool(t, { school_name: 'Collège fermé', primary_color: '#AA0033' });
    await visitor(t, closing.host).page();
    const { body } = await admin.post(`/tenants/${closing.id}/deactivate/`, { reason: 'Travaux' });
    const closed = await visitor(t, closing.host).page();
    expect(closed.status).toBe(403);
    expect(bootOf(closed)).toMatchObject({
      state: 'closed',
      closed: { reason: 'Travaux', since: body.inactive_since },
      theme: { primary_color: '#AA0033' },
    });
    await admin.post(`/tenants/${closing.id}/activate/`);
    expect(bootOf(await visitor(t, closing.host).page())).toMatchObject({ state: 'open' });
    await admin.delete(`/tenants/${closing.id}/`);
    expect(bootOf(await visitor(t, closing.host).page())).toMatchObject({ state: 'closed' });
  });

  it('serves every path of the application, and answers JSON to programs', async () => {
    for (const path of ['/annonces', '/invitation/abc', '/a/b/c?x=1', '/tenant/new/?email=a%40b.fr']) {
      expect(bootOf(await visitor(t, school.host).page(path))).toMatchObject({ state: 'open' });
    }
    for (const path of ['/api/v1/nothing', '/api/', '/assets/missing.js', '/internal/x']) {
      expectProblem(await visitor(t, school.host).page(path), { code: 'not_found' });
    }
    expectProblem(await visitor(t, school.host).page('/annonces', { accept: 'application/json' }), {
      code: 'not_found',
    });
    expectProblem(
      await visitor(t, school.host).send({
        method: 'POST',
        url: '/annonces',
        headers: { accept: 'text/html' },
      }),
      { code: 'not_found' },
    );
  });

  it('speaks the reader’s language, else the school’s', async () => {
    const language = async (headers: Record<string, string>) =>
      bootOf(await visitor(t, school.host).page('/', headers)).language;
    expect(await language({ 'accept-language': 'en-GB,en;q=0.9,fr;q=0.5' })).toBe('en');
    expect(await language({ 'accept-language': 'de' })).toBe('fr');
    expect(await language({ 'accept-language': 'en', cookie: 'preau_language=fr' })).toBe('fr');
    const english = await createSchool(t);
    await admin.patch(`/tenants/${english.id}/settings/`, { language: 'en' });
    const page = await visitor(t, english.host).page();
    expect(bootOf(page).language).toBe('en');
    expect(page.headers['content-language']).toBe('en');
    expect(page.headers.vary).toMatch(/Accept-Language/i);
  });

  it('is new at the next request when the school has changed', async () => {
    const own = await createSchool(t);
    await visitor(t, own.host).page();
    await admin.patch(`/tenants/${own.id}/`, { school_name: 'Lycée Simone Veil', primary_color: '#102030' });
    const page = await visitor(t, own.host).page();
    expect(titleOf(page)).toBe('Lycée Simone Veil');
    expect(bootOf(page).theme.primary_color).toBe('#102030');
  });
});

describe('a hostile name', () => {
  const NAMES = [
    `</script><script>alert(1)</script>`,
    `</title><img src=x onerror=alert(1)>`,
    `</style><style>*{display:none}`,
    `"><svg onload=alert(1)>`,
    `<!--preau-head--><!--preau-frame-->`,
    `$& $1 $\` $'`,
    `l'école "d'à côté" & fils \u2028\u2029 ${'🎒'.repeat(20)}`,
    `<!--<script>`,
  ];
  it.each(NAMES)('%s stays text everywhere', async (school_name) => {
    const own = await createSchool(t, { school_name });
    await admin.post(`/tenants/${own.id}/deactivate/`, { reason: school_name });
    const page = await visitor(t, own.host).page();
    const boot = bootOf(page);
    expect(boot.theme.school_name).toBe(school_name);
    expect(boot.closed?.reason).toBe(school_name);
    // The template's own tags and the page's, and no other.
    expect(page.text.match(/<script\b/g)).toHaveLength(2);
    expect(page.text.match(/<style\b/g)).toHaveLength(1);
    expect(page.text.match(/<\/title>/g)).toHaveLength(1);
    expect(page.text).not.toMatch(/<img|<svg/);
    expect(page.text.match(/first-frame"/g)).toHaveLength(1);
    const escaped = school_name.replace(
      /[&<>"']/g,
      (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c] ?? c,
    );
    expect(titleOf(page)).toBe(escaped);
    const icon = await visitor(t, own.host).page('/favicon.svg');
    expect(icon.text).not.toMatch(/<script|onload|onerror/);
  });
});

describe('the icon', () => {
  it('is the school’s initials on its colour, kept for ever under the theme’s version', async () => {
    const { body: theme } = await visitor(t, school.host).get('/current-tenant/theme/');
    const icon = await visitor(t, school.host).page(theme.favicon_url);
    expect(icon.status).toBe(200);
    expect(icon.headers['content-type']).toMatch(/^image\/svg\+xml/);
    expect(icon.headers['cache-control']).toMatch(/immutable/);
    expect(icon.text).toContain(theme.palette.light.primary);
    expect(icon.text).toMatch(/>LH<\/text>/);
    const plain = await visitor(t, school.host).page('/favicon.svg');
    expect(plain.headers['cache-control']).toBe('public, no-cache');
    const ico = await visitor(t, school.host).page('/favicon.ico');
    expect(ico.status).toBe(302);
    expect(ico.headers.location).toBe('/favicon.svg');
  });
});
