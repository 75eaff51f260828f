import { domainToASCII } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, newTenantBody } from '../../../test/support/builders.ts';
import {
  type Client,
  createClient,
  platformKey,
  superadmin,
  visitor,
} from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';

let t: TestApp;
let admin: Client;
beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
});
afterAll(() => t.close());

describe('creating a school', () => {
  it('takes the seed body as it is, and fills every default', async () => {
    const { max_students: _, primary_color: __, secondary_color: ___, ...least } = newTenantBody();
    const { status, body, headers } = await admin.post('/tenants/', { ...least, subdomain: 'defaults' });
    expect(status).toBe(201);
    expect(headers.location).toBe(`/api/v1/tenants/${body.id}/`);
    expect(body).toMatchObject({
      subdomain: 'defaults',
      domain_url: 'http://defaults.localhost:3000',
      status: 'pending',
      is_active: false,
      primary_color: '#1976D2',
      secondary_color: '#424242',
      max_students: 1000,
      max_storage_gb: 50,
      logo_url: null,
      favicon_url: null,
      network: null,
      paid_until: null,
      provisioned_at: null,
      last_accessed_at: null,
      purge_at: null,
      storage_usage_gb: 0,
      student_count: 0,
      modules_enabled: { authentication: true, schools: true, announcements: true },
      school: {
        name: 'Lycée Victor Hugo',
        school_type: 'lycee',
        email: 'contact@lycee-hugo.fr',
        phone: '0123456789',
        address: '123 rue Victor Hugo',
        postal_code: '75001',
        city: 'Paris',
        website: null,
        uai: null,
      },
      settings: {
        enable_email_notifications: true,
        enable_sms_notifications: false,
        password_min_length: 12,
        session_timeout_minutes: 60,
        timezone: 'Europe/Paris',
        language: 'fr',
        date_format: '%d/%m/%Y',
        time_format: '%H:%M',
        registration: 'invitation',
        require_second_factor: false,
      },
    });
    expect(body.schema_name).toMatch(/^t_[0-9a-f]{16}$/);
    expect(body.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(body.created_on).toMatch(/(?:Z|[+-]\d\d:\d\d)$/);
    expect(body.domains).toMatchObject([
      { domain: 'defaults.localhost', is_primary: true, status: 'active' },
    ]);
    expect(body.first_admin).toBeUndefined();
  });

  it('opens the school at once with provision_now, with or without the trailing slash', async () => {
    for (const path of ['/tenants/', '/tenants']) {
      const { status, body } = await admin.post(path, { ...newTenantBody(), provision_now: true });
      expect(status).toBe(201);
      expect(body).toMatchObject({ status: 'active', is_active: true });
      expect(body.provisioned_at).not.toBeNull();
      expect(body.first_admin).toMatchObject({ email: 'contact@lycee-hugo.fr' });
      expect(body.first_admin.invitation_url).toContain(`${body.domain_url}/invitation/`);
      const theme = await visitor(t, `${body.subdomain}.localhost`).get('/current-tenant/theme/');
      expect(theme.body).toMatchObject({ school_name: 'Lycée Victor Hugo', primary_color: '#2E7D32' });
    }
  });

  it('takes a leading digit, folds upper case, and never derives the schema from the name', async () => {
    const digit = await admin.post('/tenants/', newTenantBody({ subdomain: '3eme-x' }));
    expect(digit).toMatchObject({ status: 201, body: { subdomain: '3eme-x' } });
    expect(digit.body.schema_name).toMatch(/^t_[0-9a-f]{16}$/);
    const upper = await admin.post('/tenants/', newTenantBody({ subdomain: 'College-MOLIERE' }));
    expect(upper).toMatchObject({ status: 201, body: { subdomain: 'college-moliere' } });
    const label = `a${'b'.repeat(62)}`;
    expect(await admin.post('/tenants/', newTenantBody({ subdomain: label }))).toMatchObject({ status: 201 });
    expect(await admin.post('/tenants/', newTenantBody({ subdomain: 'x' }))).toMatchObject({ status: 201 });
    // An honest IDN that looks like nothing reserved.
    const accented = domainToASCII('école-zola');
    expect(await admin.post('/tenants/', newTenantBody({ subdomain: accented }))).toMatchObject({
      status: 201,
    });
  });

  it('keeps every optional field', async () => {
    const network = await createSchool(t, { school_type: 'network', subdomain: 'reseau-a' });
    const { status, body } = await admin.post('/tenants/', {
      ...newTenantBody(),
      website: 'https://lycee-hugo.fr/accueil',
      uai: '0750655e',
      primary_color: '#aabbcc',
      max_storage_gb: 7,
      modules_enabled: { announcements: false },
      network: 'reseau-a',
      paid_until: '2027-08-31',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      school: { website: 'https://lycee-hugo.fr/accueil', uai: '0750655E' },
      primary_color: '#AABBCC',
      max_storage_gb: 7,
      modules_enabled: { authentication: true, schools: true, announcements: false },
      network: { id: network.id, subdomain: 'reseau-a' },
      paid_until: '2027-08-31',
    });
  });

  it('keeps 200 characters of apostrophes, quotes and emoji as they came', async () => {
    const start = 'L’école d’Élise & l\'"atelier" <b>🎒</b> ';
    const school_name = start + '🏫'.repeat(200 - Array.from(start).length);
    expect(Array.from(school_name)).toHaveLength(200);
    const { status, body } = await admin.post('/tenants/', {
      ...newTenantBody({ school_name, subdomain: 'emoji' }),
      provision_now: true,
    });
    expect(status).toBe(201);
    expect(body.school.name).toBe(school_name);
    expect((await admin.get(`/tenants/${body.id}/`)).body.school.name).toBe(school_name);
    expect((await visitor(t, 'emoji.localhost').get('/current-tenant/theme/')).body.school_name).toBe(
      school_name,
    );
    const found = await admin.get('/tenants/', { query: { search: '🏫🏫' } });
    expect(found.body.results.map(({ id }: { id: string }) => id)).toEqual([body.id]);
  });

  it('is for super-admins and for keys with the scope', async () => {
    const school = await createSchool(t);
    const creator = await platformKey(t, ['tenants:create']);
    expect((await creator.post('/tenants/', newTenantBody())).status).toBe(201);
    const plain = createClient(t, t.base, { 'api-key': creator.key });
    expect((await plain.post('/tenants/', newTenantBody())).status).toBe(201);
    const reader = await platformKey(t, ['tenants:read']);
    const body = newTenantBody();
    await expectRefusal(t, () => reader.post('/tenants/', body), { code: 'permission_denied' });
    await expectRefusal(t, () => visitor(t).post('/tenants/', body), { code: 'not_authenticated' });
    await expectRefusal(t, () => creator.at(school.host).post('/tenants/', body), { code: 'not_found' });
  });
});

const cyrillic = (text: string) => domainToASCII(text);

const WRONG: [what: string, change: object, errors: Record<string, string>][] = [
  ['a leading hyphen', { subdomain: '-a' }, { subdomain: 'subdomain_format' }],
  ['a trailing hyphen', { subdomain: 'a-' }, { subdomain: 'subdomain_format' }],
  ['an underscore', { subdomain: 'a_b' }, { subdomain: 'subdomain_format' }],
  ['a dot', { subdomain: 'a.b' }, { subdomain: 'subdomain_format' }],
  ['64 characters', { subdomain: 'a'.repeat(64) }, { subdomain: 'subdomain_format' }],
  ['an accent', { subdomain: 'école' }, { subdomain: 'subdomain_format' }],
  ['no subdomain', { subdomain: '' }, { subdomain: 'subdomain_format' }],
  ['www', { subdomain: 'www' }, { subdomain: 'subdomain_reserved' }],
  ['CONSOLE', { subdomain: 'CONSOLE' }, { subdomain: 'subdomain_reserved' }],
  ['a Cyrillic console', { subdomain: cyrillic('cоnsole') }, { subdomain: 'subdomain_lookalike' }],
  ['a Cyrillic api', { subdomain: cyrillic('арі') }, { subdomain: 'subdomain_lookalike' }],
  ['an accented admin', { subdomain: cyrillic('ádmin') }, { subdomain: 'subdomain_lookalike' }],
  ['punycode that does not decode', { subdomain: 'xn--zzzzzzzz' }, { subdomain: 'subdomain_format' }],
  ['colour red', { primary_color: 'red' }, { primary_color: 'color' }],
  ['a short colour', { secondary_color: '#fff' }, { secondary_color: 'color' }],
  ['no seats', { max_students: 0 }, { max_students: 'minimum' }],
  ['seats as text', { max_students: '1500' }, { max_students: 'type' }],
  ['half a seat', { max_students: 1.5 }, { max_students: 'type' }],
  ['no storage', { max_storage_gb: 0 }, { max_storage_gb: 'minimum' }],
  ['an unknown field', { nickname: 'Hugo' }, { nickname: 'unknown_field' }],
  ['a field of the answer', { schema_name: 't_0123456789abcdef' }, { schema_name: 'unknown_field' }],
  ['an unknown type', { school_type: 'university' }, { school_type: 'enum' }],
  ['a blank name', { school_name: '  ' }, { school_name: 'blank' }],
  ['201 characters', { school_name: 'é'.repeat(201) }, { school_name: 'max_length' }],
  ['an e-mail without @', { email: 'contact.lycee.fr' }, { email: 'email' }],
  ['a phone of words', { phone: 'zero un deux' }, { phone: 'phone' }],
  ['a UAI with the wrong letter', { uai: '0750655F' }, { uai: 'uai' }],
  ['a script as website', { website: 'javascript:alert(1)' }, { website: 'url' }],
  ['a day that does not exist', { paid_until: '2027-02-30' }, { paid_until: 'date' }],
  ['an unknown network', { network: 'nowhere' }, { network: 'unknown_network' }],
  ['a network that is no id', { network: 'a'.repeat(36) }, { network: 'unknown_network' }],
  [
    'a module that is no boolean',
    { modules_enabled: { announcements: 'yes' } },
    { 'modules_enabled.announcements': 'type' },
  ],
  [
    'everything at once',
    { subdomain: '-', email: 'x', primary_color: 'red' },
    { subdomain: 'subdomain_format', email: 'email', primary_color: 'color' },
  ],
];

describe('refusing to create a school', () => {
  it.each(WRONG)('%s', async (_, change, errors) => {
    const body = { ...newTenantBody(), ...change };
    await expectRefusal(t, () => admin.post('/tenants/', body), { code: 'invalid_input', errors });
  });

  it('names every required field that is missing', async () => {
    const answer = await expectRefusal(t, () => admin.post('/tenants/', {}), { code: 'invalid_input' });
    expect(
      answer.body.errors
        .map(({ path, code }: { path: string; code: string }) => `${path} ${code}`)
        .toSorted(),
    ).toEqual(
      ['address', 'city', 'email', 'phone', 'postal_code', 'school_name', 'school_type', 'subdomain'].map(
        (path) => `${path} required`,
      ),
    );
  });

  it('an unknown module is named, and an always-on one cannot be off', async () => {
    const unknown = {
      ...newTenantBody(),
      modules_enabled: { announcements: true, teleport: true, toString: true },
    };
    const answer = await expectRefusal(t, () => admin.post('/tenants/', unknown), {
      code: 'unknown_module',
      errors: { 'modules_enabled.teleport': 'unknown_module', 'modules_enabled.toString': 'unknown_module' },
    });
    expect(answer.body.detail).toContain('teleport');
    const off = { ...newTenantBody(), modules_enabled: { authentication: false } };
    const conflict = await expectRefusal(t, () => admin.post('/tenants/', off), {
      code: 'module_dependency',
    });
    expect(conflict.body.detail).toContain('authentication');
  });

  it('a taken subdomain, whatever its case, also one taken as an extra address', async () => {
    const school = await createSchool(t, { subdomain: 'taken' });
    for (const subdomain of ['taken', 'TAKEN']) {
      const answer = await expectRefusal(t, () => admin.post('/tenants/', newTenantBody({ subdomain })), {
        code: 'subdomain_taken',
      });
      expect(answer.body.detail).toContain('taken');
    }
    await admin.post(`/tenants/${school.id}/add_domain/`, { domain: 'second.localhost' });
    await expectRefusal(t, () => admin.post('/tenants/', newTenantBody({ subdomain: 'second' })), {
      code: 'subdomain_taken',
    });
  });

  it('a taken UAI', async () => {
    await createSchool(t, { provisioned: false, uai: '0750652B' });
    const body = newTenantBody({ uai: '0750652b' });
    await expectRefusal(t, () => admin.post('/tenants/', body), { code: 'uai_taken' });
  });

  it('text with a NUL, which PostgreSQL cannot hold', async () => {
    const body = newTenantBody({ school_name: 'a\u0000b' });
    await expectRefusal(t, () => admin.post('/tenants/', body), {
      code: 'invalid_input',
      errors: { school_name: 'format' },
    });
    const searched = await admin.get('/tenants/', { query: { search: '\u0000' } });
    expectProblem(searched, { code: 'invalid_input', errors: { search: 'format' } });
  });

  it('two creations of one subdomain at once: one 201, one 409, every time', async () => {
    for (let round = 0; round < 12; round += 1) {
      const body = newTenantBody({ subdomain: `race-${round}` });
      const answers = await Promise.all([1, 2, 3].map(() => admin.post('/tenants/', body)));
      expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['201', '409', '409']);
      for (const answer of answers.filter(({ status }) => status === 409))
        expectProblem(answer, { code: 'subdomain_taken' });
      const rows = await t.sql(
        'SELECT 1 FROM public.tenants t JOIN public.domains d ON d.tenant_id = t.id WHERE t.subdomain = $1',
        [body.subdomain],
      );
      expect(rows).toHaveLength(1);
    }
  });
});
