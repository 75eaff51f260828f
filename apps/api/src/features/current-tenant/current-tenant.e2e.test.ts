import { defaultModules } from '@preau/contracts/module-rules';
import { MODULES } from '@preau/contracts/modules';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import {
  type Client,
  member,
  schoolAdmin,
  student,
  superadmin,
  teacher,
  visitor,
} from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';

let t: TestApp;
let admin: Client;
let school: School;
beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
  school = await createSchool(t, { max_storage_gb: 7 });
});
afterAll(() => t.close());

const theme = (host = school.host, v?: string, headers = {}) =>
  visitor(t, host).get('/current-tenant/theme/', { headers, ...(v === undefined ? {} : { query: { v } }) });

/** WCAG 2.2 relative luminance, worked out here again: the palette does not judge itself. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

describe('the theme', () => {
  it('of a school is its own, for anyone', async () => {
    const { status, body, headers } = await theme();
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(Object.keys(body).toSorted()).toEqual([
      'favicon_url',
      'language',
      'logo_url',
      'modules_enabled',
      'palette',
      'primary_color',
      'school_name',
      'school_type',
      'secondary_color',
      'tenant_features',
      'version',
    ]);
    expect(body).toMatchObject({
      school_name: 'Lycée Victor Hugo',
      school_type: 'lycee',
      primary_color: '#2E7D32',
      secondary_color: '#1B5E20',
      logo_url: null,
      language: 'fr',
      modules_enabled: { authentication: true, schools: true, announcements: true, media: true },
      tenant_features: {
        has_ai_features: false,
        has_sms_notifications: false,
        has_email_notifications: true,
        has_parent_portal: true,
        has_student_portal: true,
        has_teacher_portal: true,
        max_storage_gb: 7,
        max_students: 1500,
      },
    });
    expect(body.tenant_features.max_file_upload_mb).toBeGreaterThan(0);
    // What is nobody's business is not there.
    expect(JSON.stringify(body)).not.toMatch(/t_[0-9a-f]{16}|contact@|0123456789/);
  });

  it('of the console and the base is Préau’s', async () => {
    for (const host of [t.base, `www.${t.base}`, t.consoleHost]) {
      expect((await theme(host)).body).toMatchObject({ school_name: 'Préau', school_type: null });
    }
  });

  it('of an unknown host is not found', async () => {
    for (const host of ['nowhere.localhost', 'example.org', 'lycee-hugo-1.localhost.evil.org', '127.0.0.1']) {
      expectProblem(await theme(host), { code: 'tenant_not_found' });
    }
  });

  it('is not sent again to who has it, and may be kept for ever under its version', async () => {
    const first = await theme();
    const etag = first.headers.etag ?? '';
    expect(etag).toMatch(/^"[^"]+"$/);
    expect(first.headers['cache-control']).toBe('public, no-cache');
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`]) {
      expect(await theme(school.host, undefined, { 'if-none-match': known })).toMatchObject({
        status: 304,
        text: '',
      });
    }
    const kept = await theme(school.host, first.body.version);
    expect(kept.headers['cache-control']).toMatch(/max-age=31536000.*immutable/);
    expect(kept.body).toEqual(first.body);
    const old = await theme(school.host, 'an-older-version');
    expect(old).toMatchObject({ status: 200, body: first.body });
    expect(old.headers['cache-control']).toBe('public, no-cache');
  });

  it('changes its version with everything it shows', async () => {
    const own = await createSchool(t);
    const seen = new Set<string>();
    const version = async () => (await theme(own.host)).body.version;
    seen.add(await version());
    for (const change of [
      { school_name: 'Autre' },
      { primary_color: '#112233' },
      { max_students: 3 },
      { modules_enabled: { announcements: false } },
    ]) {
      await admin.patch(`/tenants/${own.id}/`, change);
      seen.add(await version());
    }
    await admin.patch(`/tenants/${own.id}/settings/`, { language: 'en' });
    seen.add(await version());
    expect(seen.size).toBe(6);
  });

  it('of a school that is being prepared answers too', async () => {
    const pending = await createSchool(t, { provisioned: false });
    expect((await theme(pending.host)).status).toBe(200);
    expectProblem(await visitor(t, pending.host).get('/current-tenant/info/'), { code: 'tenant_not_ready' });
  });

  it('follows a module that is switched off', async () => {
    const own = await createSchool(t);
    await admin.post(`/tenants/${own.id}/update_modules/`, { modules_enabled: { announcements: false } });
    expect((await theme(own.host)).body.modules_enabled.announcements).toBe(false);
  });
});

describe('editing the theme', () => {
  it('is for the school’s administrators, seen at once and readable', async () => {
    const head = await schoolAdmin(t, school);
    const { version } = (await theme()).body;
    for (const [primary, secondary] of [
      ['#ffff00', '#fffffe'],
      ['#000000', '#010101'],
      ['#777777', '#ff0000'],
      ['#ffffff', '#ffffff'],
    ]) {
      const { status, body } = await head.patch('/current-tenant/theme/', {
        primary_color: primary,
        secondary_color: secondary,
      });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        primary_color: primary?.toUpperCase(),
        secondary_color: secondary?.toUpperCase(),
      });
      expect(body.version).not.toBe(version);
      const { adjustments, ...served } = body;
      expect((await theme()).body).toEqual(served);
      for (const mode of ['light', 'dark']) {
        const tones = body.palette[mode];
        for (const [text, ground] of [
          ['on_primary', 'primary'],
          ['on_secondary', 'secondary'],
          ['on_primary_soft', 'primary_soft'],
          ['primary_text', 'surface'],
          ['secondary_text', 'surface'],
          ['text', 'surface'],
          ['text_muted', 'surface'],
        ] as const) {
          expect(contrast(tones[text], tones[ground]), `${mode} ${text} on ${ground}`).toBeGreaterThanOrEqual(
            4.5,
          );
        }
        expect(contrast(tones.focus, tones.surface)).toBeGreaterThanOrEqual(3);
      }
      expect(Array.isArray(adjustments)).toBe(true);
    }
    const { body: yellow } = await head.patch('/current-tenant/theme/', { primary_color: '#FFFF00' });
    expect(yellow.secondary_color).toBe('#FFFFFF');
    expect(yellow.adjustments.length).toBeGreaterThan(0);
    for (const { from, to, reason } of yellow.adjustments) {
      expect(from).not.toBe(to);
      expect(reason).not.toBe('');
    }
  });

  it('is refused to everyone else', async () => {
    const colours = { primary_color: '#123456' };
    for (const role of ['teacher', 'student', 'parent', 'staff'] as const) {
      const person = await member(t, school, role);
      await expectRefusal(t, () => person.patch('/current-tenant/theme/', colours), {
        code: 'permission_denied',
      });
    }
    await expectRefusal(t, () => visitor(t, school.host).patch('/current-tenant/theme/', colours), {
      code: 'not_authenticated',
    });
    await expectRefusal(t, () => admin.patch('/current-tenant/theme/', colours), { code: 'not_found' });
  });

  it.each([
    [{}, { '': 'empty' }],
    [{ primary_color: 'red' }, { primary_color: 'color' }],
    [{ secondary_color: null }, { secondary_color: 'type' }],
    [{ school_name: 'Mine' }, { school_name: 'unknown_field' }],
    [{ primary_color: '#123456', max_students: 9 }, { max_students: 'unknown_field' }],
  ])('refuses %o', async (change, errors) => {
    const head = await schoolAdmin(t, school);
    await expectRefusal(t, () => head.patch('/current-tenant/theme/', change), {
      code: 'invalid_input',
      errors,
    });
  });
});

describe('the school as its members see it', () => {
  it('shows neither schema, domains nor what the platform keeps for itself', async () => {
    const own = await createSchool(t);
    const pupil = await student(t, own);
    const { status, body } = await pupil.get('/current-tenant/info/');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: own.id,
      subdomain: own.subdomain,
      school: { name: 'Lycée Victor Hugo', city: 'Paris' },
      student_count: 1,
    });
    for (const hidden of ['schema_name', 'domains', 'failure', 'purge_at', 'paid_until', 'version'])
      expect(body).not.toHaveProperty(hidden);
  });

  it('lists every module', async () => {
    const person = await teacher(t, school);
    const { body } = await person.get('/current-tenant/modules');
    expect(body).toEqual(defaultModules(MODULES, 'lycee'));
    expectProblem(await visitor(t, school.host).get('/current-tenant/modules/'), {
      code: 'not_authenticated',
    });
    expectProblem(await visitor(t).get('/current-tenant/info/'), { code: 'not_found' });
  });
});
