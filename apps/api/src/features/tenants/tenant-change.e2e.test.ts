import { defaultModules } from '@preau/contracts/module-rules';
import { MODULES } from '@preau/contracts/modules';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addMember, createSchool, newTenantBody, type School } from '../../../test/support/builders.ts';
import { type Client, platformKey, superadmin, visitor } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';

const NOBODY = '01890000-0000-7000-8000-000000000000';

let t: TestApp;
let admin: Client;
let school: School;
let path: string;
beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
});
beforeEach(async () => {
  school = await createSchool(t);
  path = `/tenants/${school.id}/`;
});
afterAll(() => t.close());

describe('changing a school', () => {
  it('PATCH changes the named field and nothing else', async () => {
    await admin.patch(path, {
      website: 'https://hugo.fr',
      modules_enabled: { announcements: false },
      max_storage_gb: 9,
    });
    const { body: before } = await admin.get(path);
    for (const [change, expected] of [
      [{ school_name: ' Lycée Hugo ' }, { school: { ...before.school, name: 'Lycée Hugo' } }],
      [{ max_students: 12 }, { max_students: 12 }],
      [{ website: null }, { school: { ...before.school, name: 'Lycée Hugo', website: null } }],
      [{ primary_color: '#abcdef' }, { primary_color: '#ABCDEF' }],
      [{ paid_until: '2028-01-01' }, { paid_until: '2028-01-01' }],
    ] as const) {
      const { body: last } = await admin.get(path);
      const { status, body } = await admin.patch(path, change);
      expect(status).toBe(200);
      expect(body).toEqual({ ...last, ...expected, version: last.version + 1 });
      expect((await admin.get(path)).body).toEqual(body);
    }
  });

  it('PUT gives every field left out its default, and leaves the settings alone', async () => {
    await createSchool(t, { school_type: 'network', subdomain: 'reseau-put' });
    const { body: settings } = await admin.patch(`${path}settings/`, { language: 'en' });
    await admin.patch(path, {
      website: 'https://hugo.fr',
      uai: '0750655E',
      max_storage_gb: 9,
      network: 'reseau-put',
      paid_until: '2028-01-01',
      modules_enabled: { announcements: false },
    });
    const {
      primary_color: _,
      secondary_color: __,
      max_students: ___,
      ...least
    } = newTenantBody({ subdomain: school.subdomain, city: 'Nice' });
    const { status, body } = await admin.put(path, least);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      primary_color: '#1976D2',
      secondary_color: '#424242',
      max_students: 1000,
      max_storage_gb: 50,
      network: null,
      paid_until: null,
      modules_enabled: { announcements: true },
      settings,
      school: { website: null, uai: null, city: 'Nice' },
      status: 'active',
      schema_name: school.schemaName,
    });
    const missing = await expectRefusal(t, () => admin.put(path, { city: 'Nice' }), {
      code: 'invalid_input',
    });
    expect(missing.body.errors).toHaveLength(7);
  });

  it('PUT with some modules gives the others their default', async () => {
    await admin.patch(path, { modules_enabled: { announcements: false } });
    const { body } = await admin.put(path, {
      ...newTenantBody({ subdomain: school.subdomain }),
      modules_enabled: {},
    });
    expect(body.modules_enabled).toEqual(defaultModules(MODULES, 'lycee'));
  });

  it('a new subdomain is served at once, and the school keeps its schema', async () => {
    const { body } = await admin.patch(path, { subdomain: `${school.subdomain}-new` });
    expect(body).toMatchObject({ subdomain: `${school.subdomain}-new`, schema_name: school.schemaName });
    expect(body.domain_url).toBe(`http://${school.subdomain}-new.localhost:3000`);
    const theme = await visitor(t, `${school.subdomain}-new.localhost`).get('/current-tenant/theme/');
    expect(theme.body.school_name).toBe('Lycée Victor Hugo');
  });

  it.each([
    [{}, { '': 'empty' }],
    [{ subdomain: 'admin' }, { subdomain: 'subdomain_reserved' }],
    [{ primary_color: 'red' }, { primary_color: 'color' }],
    [{ max_students: 0 }, { max_students: 'minimum' }],
    [{ provision_now: true }, { provision_now: 'unknown_field' }],
    [{ status: 'active' }, { status: 'unknown_field' }],
    [{ settings: {} }, { settings: 'unknown_field' }],
    [{ network: 'nowhere' }, { network: 'unknown_network' }],
    [{ school_name: null }, { school_name: 'type' }],
  ])('refuses %o', async (change, errors) => {
    await expectRefusal(t, () => admin.patch(path, change), { code: 'invalid_input', errors });
  });

  it('refuses the subdomain or UAI of another, and itself as network', async () => {
    const other = await createSchool(t, { provisioned: false, uai: '0750652B' });
    await expectRefusal(t, () => admin.patch(path, { subdomain: other.subdomain.toUpperCase() }), {
      code: 'subdomain_taken',
    });
    await expectRefusal(t, () => admin.patch(path, { uai: '0750652B' }), { code: 'uai_taken' });
    const network = await createSchool(t, { school_type: 'network' });
    const own = { network: network.subdomain };
    await expectRefusal(t, () => admin.patch(`/tenants/${network.id}/`, own), {
      code: 'invalid_input',
      errors: { network: 'unknown_network' },
    });
    await expectRefusal(t, () => admin.patch(path, { modules_enabled: { teleport: true } }), {
      code: 'unknown_module',
    });
  });

  it('an id that is no UUID, or nobody’s, is not found by any method', async () => {
    for (const id of ['42', 'not-a-uuid', NOBODY, "1' OR '1'='1", '%00']) {
      for (const ask of [
        () => admin.get(`/tenants/${id}/`),
        () => admin.patch(`/tenants/${id}/`, { city: 'Nice' }),
        () => admin.put(`/tenants/${id}/`, newTenantBody()),
        () => admin.delete(`/tenants/${id}/`),
        () => admin.post(`/tenants/${id}/provision/`),
        () => admin.get(`/tenants/${id}/stats/`),
        () => admin.get(`/tenants/${id}/domains/`),
      ]) {
        expectProblem(await ask(), { code: 'not_found' });
      }
    }
  });

  it('an id in upper case names the same school, everywhere at once', async () => {
    const host = visitor(t, school.host);
    expect((await host.get('/current-tenant/theme/')).body.primary_color).toBe('#2E7D32');
    const upper = await createTestApp({ fresh: t.fresh, feed: false });
    await visitor(upper, school.host).get('/current-tenant/theme/');
    const there = await superadmin(upper);
    expect(
      (await there.patch(`/tenants/${school.id.toUpperCase()}/`, { primary_color: '#112233' })).body.id,
    ).toBe(school.id);
    expect((await visitor(upper, school.host).get('/current-tenant/theme/')).body.primary_color).toBe(
      '#112233',
    );
    await upper.close();
  });
});

describe('validators', () => {
  it('answer 304 to the version the client has, and its change makes another', async () => {
    const first = await admin.get(path);
    const etag = first.headers.etag ?? '';
    expect(etag).toMatch(/^"[^"]+"$/);
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await admin.get(path, { headers: { 'if-none-match': known } });
      expect(again).toMatchObject({ status: 304, text: '' });
      expect(again.headers.etag).toBe(etag);
    }
    expect((await admin.get(path, { headers: { 'if-none-match': '"x"' } })).status).toBe(200);
    const changed = await admin.patch(path, { city: 'Nice' });
    const now = await admin.get(path, { headers: { 'if-none-match': etag } });
    expect(now.status).toBe(200);
    expect(now.headers.etag).not.toBe(etag);
    // A client may change again at once, without reading first.
    expect(changed.headers.etag).toBe(now.headers.etag);
  });

  it('refuse a change of what has changed since', async () => {
    const { headers } = await admin.get(path);
    const stale = { headers: { 'if-match': headers.etag ?? '' } };
    expect((await admin.patch(path, { city: 'Nice' }, stale)).status).toBe(200);
    for (const ask of [
      () => admin.patch(path, { city: 'Lille' }, stale),
      () => admin.put(path, newTenantBody({ subdomain: school.subdomain }), stale),
      () => admin.patch(`${path}settings/`, { language: 'en' }, stale),
      () => admin.post(`${path}update_modules/`, { modules_enabled: {} }, stale),
      () => admin.post(`${path}deactivate/`, {}, stale),
      () => admin.delete(path, stale),
      () => admin.patch(path, { city: 'Lille' }, { headers: { 'if-match': '"never given out"' } }),
    ]) {
      await expectRefusal(t, ask, { code: 'precondition_failed' });
    }
    expect((await admin.patch(path, { city: 'Lille' }, { headers: { 'if-match': '*' } })).status).toBe(200);
  });

  it('tell of what moves without a change of the school, which no change need have seen', async () => {
    const { headers, body } = await admin.get(path);
    await addMember(t, school, 'student');
    const now = await admin.get(path, { headers: { 'if-none-match': headers.etag ?? '' } });
    expect(now).toMatchObject({ status: 200, body: { student_count: 1, version: body.version } });
    const match = { headers: { 'if-match': headers.etag ?? '' } };
    expect((await admin.patch(path, { city: 'Nice' }, match)).status).toBe(200);
  });

  it('let one of two changes at once through', async () => {
    const { headers } = await admin.get(path);
    const match = { headers: { 'if-match': headers.etag ?? '' } };
    const answers = await Promise.all(
      ['Nice', 'Lille', 'Brest'].map((city) => admin.patch(path, { city }, match)),
    );
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', '412', '412']);
  });
});

describe('settings and modules', () => {
  it('settings change one by one, within their bounds', async () => {
    const settings = `${path}settings/`;
    const { body: before, headers } = await admin.get(settings);
    expect((await admin.get(settings, { headers: { 'if-none-match': headers.etag ?? '' } })).status).toBe(
      304,
    );
    const { body } = await admin.patch(settings, { password_min_length: 8, language: 'en' });
    expect(body).toEqual({ ...before, password_min_length: 8, language: 'en' });
    for (const [change, errors] of [
      [{ password_min_length: 7 }, { password_min_length: 'minimum' }],
      [{ password_min_length: 129 }, { password_min_length: 'maximum' }],
      [{ timezone: 'Europe/Nowhere' }, { timezone: 'timezone' }],
      [{ language: 'de' }, { language: 'enum' }],
      [{ theme: 'dark' }, { theme: 'unknown_field' }],
      [{ enable_sms_notifications: 'true' }, { enable_sms_notifications: 'type' }],
      [{}, { '': 'empty' }],
    ] as const) {
      await expectRefusal(t, () => admin.patch(settings, change), { code: 'invalid_input', errors });
    }
    expect((await visitor(t, school.host).get('/current-tenant/theme/')).body.language).toBe('en');
  });

  it('update_modules keeps the modules that it does not name', async () => {
    const off = await admin.post(`${path}update_modules/`, { modules_enabled: { announcements: false } });
    expect(off).toMatchObject({
      status: 200,
      body: { modules_enabled: { authentication: true, schools: true, announcements: false } },
    });
    const none = await admin.post(`${path}update_modules/`, { modules_enabled: {} });
    expect(none.body.modules_enabled.announcements).toBe(false);
    const modules = `${path}update_modules/`;
    const unknown = await expectRefusal(
      t,
      () => admin.post(modules, { modules_enabled: { announcements: true, teleport: true } }),
      {
        code: 'unknown_module',
        errors: { 'modules_enabled.teleport': 'unknown_module' },
      },
    );
    expect(unknown.body.detail).toContain('teleport');
    const conflict = await expectRefusal(
      t,
      () => admin.post(modules, { modules_enabled: { schools: false } }),
      { code: 'module_dependency' },
    );
    expect(conflict.body.conflicts).toEqual(
      expect.arrayContaining([{ module: 'schools', reason: 'always_on', blockers: ['schools'] }]),
    );
    await expectRefusal(t, () => admin.post(modules, {}), {
      code: 'invalid_input',
      errors: { modules_enabled: 'required' },
    });
    await expectRefusal(t, () => admin.post(modules, { announcements: true }), { code: 'invalid_input' });
  });

  it('needs the right scope', async () => {
    const reader = await platformKey(t, ['tenants:read']);
    await expectRefusal(t, () => reader.patch(path, { city: 'Nice' }), { code: 'permission_denied' });
    await expectRefusal(t, () => reader.post(`${path}update_modules/`, { modules_enabled: {} }), {
      code: 'permission_denied',
    });
    expect((await reader.get(`${path}settings/`)).status).toBe(200);
  });
});
