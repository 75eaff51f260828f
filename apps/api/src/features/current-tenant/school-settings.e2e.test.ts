import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import { type Client, schoolAdmin, superadmin, teacher } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem } from '../../../test/support/refusals.ts';

let t: TestApp;
let school: School;
let head: Client;
beforeAll(async () => {
  t = await createTestApp();
  school = await createSchool(t);
  head = await schoolAdmin(t, school);
});
afterAll(() => t.close());

const SETTINGS = '/current-tenant/settings/';
const CONTACT = '/current-tenant/contact/';

describe('the settings of a school', () => {
  it('are the eight that it may choose, with what it was given', async () => {
    const { status, body, headers } = await head.get(SETTINGS);
    expect(status).toBe(200);
    expect(headers.etag).toMatch(/^"v\d+\./);
    expect(body).toEqual({
      enable_email_notifications: true,
      enable_sms_notifications: false,
      password_min_length: 12,
      session_timeout_minutes: 60,
      timezone: 'Europe/Paris',
      language: 'fr',
      date_format: '%d/%m/%Y',
      time_format: '%H:%M',
    });
  });

  it('change for everybody, with a line in the trail, and leave the others as they are', async () => {
    const changed = await head.patch(SETTINGS, { timezone: 'Indian/Reunion', time_format: '%Hh%M' });
    expect(changed).toMatchObject({
      status: 200,
      body: { timezone: 'Indian/Reunion', time_format: '%Hh%M', language: 'fr' },
    });
    const root = await superadmin(t);
    const all = (await root.get(`/tenants/${school.id}/settings/`)).body;
    expect(all).toMatchObject({ timezone: 'Indian/Reunion', registration: 'invitation' });
    const page = await head.page();
    expect(page.text).toContain('"timezone":"Indian/Reunion"');
    const [row] = await t.sql<{ action: string; actor_type: string; after: { settings: object } }>(
      'SELECT action, actor_type, after FROM audit.log WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1',
      [school.id],
    );
    expect(row).toMatchObject({
      action: 'tenant.update_settings',
      actor_type: 'user',
      after: { settings: { timezone: 'Indian/Reunion' } },
    });
  });

  it('refuse what is not theirs to choose, and what cannot be', async () => {
    for (const [body, path] of [
      [{ registration: 'approval' }, 'registration'],
      [{ max_students: 3 }, 'max_students'],
      [{ session_timeout_minutes: 1 }, 'session_timeout_minutes'],
      [{ timezone: 'Mars/Olympus' }, 'timezone'],
    ] as const) {
      const refused = await head.patch(SETTINGS, body);
      expectProblem(refused, { code: 'invalid_input' });
      expect(refused.body.errors[0].path).toBe(path);
    }
  });

  it('are not overwritten by who has seen an older state', async () => {
    const { headers } = await head.get(SETTINGS);
    const ifMatch = { headers: { 'if-match': headers.etag ?? '' } };
    expect((await head.patch(SETTINGS, { language: 'en' }, ifMatch)).status).toBe(200);
    expectProblem(await head.patch(SETTINGS, { language: 'fr' }, ifMatch), { code: 'precondition_failed' });
    expect((await head.get(SETTINGS)).body.language).toBe('en');
  });

  it('are for administrators alone', async () => {
    const other = await teacher(t, school);
    for (const path of [SETTINGS, CONTACT]) {
      expectProblem(await other.get(path), { code: 'permission_denied' });
      expectProblem(await other.patch(path, { language: 'fr' }), { code: 'permission_denied' });
    }
  });
});

describe('where a school is to be found', () => {
  it('is for the school to say', async () => {
    const { body } = await head.get(CONTACT);
    expect(body).toMatchObject({ city: 'Paris', phone: '0123456789', website: null });
    const moved = { city: 'Lyon', website: 'https://lycee.example.org' };
    expect(await head.patch(CONTACT, moved)).toMatchObject({ status: 200, body: { ...body, ...moved } });
    expect((await head.get('/current-tenant/info/')).body.school).toMatchObject({
      city: 'Lyon',
      website: 'https://lycee.example.org',
    });
    const root = await superadmin(t);
    // Found by where it is now.
    const found = await root.get('/tenants/', { query: { search: 'lyon' } });
    expect(found.body.results.map(({ id }: { id: string }) => id)).toContain(school.id);
  });

  it('does not include its name, its address on the network or its limits', async () => {
    for (const body of [{ school_name: 'X' }, { subdomain: 'x' }, { max_storage_gb: 9 }, { uai: null }])
      expectProblem(await head.patch(CONTACT, body), { code: 'invalid_input' });
  });

  it('is not overwritten by who has seen an older state', async () => {
    const { headers } = await head.get(CONTACT);
    const ifMatch = { headers: { 'if-match': headers.etag ?? '' } };
    expect((await head.patch(CONTACT, { city: 'Nice' }, ifMatch)).status).toBe(200);
    expectProblem(await head.patch(CONTACT, { city: 'Nantes' }, ifMatch), { code: 'precondition_failed' });
  });
});
