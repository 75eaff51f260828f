import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMember, addUser, createSchool, PASSWORD, type School } from '../../../test/support/builders.ts';
import { type Answer, createClient, superadmin, visitor } from '../../../test/support/clients.ts';
import { createTestApp, SUPERADMIN, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem } from '../../../test/support/refusals.ts';

let t: TestApp;
let school: School;
beforeAll(async () => {
  t = await createTestApp();
  school = await createSchool(t);
});
afterAll(() => t.close());

let address = 0;
/** Each from an address of its own, since attempts are counted by address. */
const logIn = (
  host: string,
  payload: object,
  headers: Record<string, string> = {},
  app = t,
): Promise<Answer> =>
  visitor(app, host).send({
    method: 'POST',
    url: '/api/v1/auth/login/',
    payload,
    headers,
    remoteAddress: `10.0.0.${(address += 1)}`,
  });
const carrying = (answer: Answer, host: string, app = t) =>
  createClient(app, host, { cookie: answer.cookies[0]?.split(';')[0] ?? '' });
const actions = async (tenant: string | null) =>
  (
    await t.sql<{ action: string }>(
      'SELECT action FROM public.audit_log WHERE tenant_id IS NOT DISTINCT FROM $1 ORDER BY seq',
      [tenant],
    )
  ).map(({ action }) => action);

describe('logging in on the console', () => {
  it('opens a session in a cookie that scripts and other hosts do not see', async () => {
    const answer = await logIn(t.consoleHost, SUPERADMIN);
    expect(answer).toMatchObject({
      status: 200,
      body: { email: SUPERADMIN.email, role: 'superadmin', tenant_id: null },
    });
    expect(answer.body.permissions).toContain('tenants:create');
    expect(JSON.stringify(answer.body)).not.toMatch(/password|hash/);
    expect(answer.cookies.map((cookie) => cookie.split('=')[0])).toEqual(['preau_session', 'preau_device']);
    const [name, ...attributes] = (answer.cookies[0] ?? '').split('; ');
    expect(name).toMatch(/^preau_session=[\w-]{43}$/);
    expect(attributes.map((part) => part.toLowerCase()).toSorted()).toEqual([
      'httponly',
      'path=/',
      'samesite=lax',
    ]);
    const me = await carrying(answer, t.consoleHost).get('/auth/me/');
    expect(me.body).toEqual(answer.body);
    expect(me.headers['cache-control']).toBe('no-store');
    expect(await actions(null)).toContain('session.open');
  });

  it('marks the cookie Secure and of this host alone behind https', async () => {
    const safe = await createTestApp({ scheme: 'https', baseDomain: 'preau.example' });
    const answer = await logIn(safe.consoleHost, SUPERADMIN, {}, safe);
    expect(answer.cookies[0]).toMatch(/^__Host-preau_session=/);
    expect(answer.cookies[0]).toMatch(/; Secure/);
    expect(answer.cookies[0]).toMatch(/; Path=\//);
    expect(answer.cookies[0]).not.toMatch(/Domain/i);
    expect((await carrying(answer, safe.consoleHost, safe).get('/auth/me/')).status).toBe(200);
    await safe.close();
  });

  it('takes the e-mail in any case, and no wrong password', async () => {
    const { email, password } = SUPERADMIN;
    expect((await logIn(t.consoleHost, { email: ` ${email.toUpperCase()} `, password })).status).toBe(200);
    for (const wrong of [
      { email, password: `${password}.` },
      { email, password: password.toUpperCase() },
      { email: 'nobody@example.org', password },
      { email: "' OR 1=1 --", password },
    ]) {
      const answer = await logIn(t.consoleHost, wrong);
      expectProblem(answer, { code: 'invalid_credentials' });
      expect(answer.cookies).toEqual([]);
    }
    expect((await actions(null)).filter((action) => action === 'session.refuse')).toHaveLength(4);
  });

  it.each([
    [{}, { email: 'required', password: 'required' }],
    [
      { email: '', password: '' },
      { email: 'blank', password: 'blank' },
    ],
    [
      { email: 1, password: null },
      { email: 'type', password: 'type' },
    ],
    [{ email: 'a@b.fr', password: 'x'.repeat(1025) }, { password: 'max_length' }],
    [{ ...SUPERADMIN, remember: true }, { remember: 'unknown_field' }],
  ])('refuses %o', async (payload, errors) => {
    expectProblem(await logIn(t.consoleHost, payload), { code: 'invalid_input', errors });
  });
});

describe('logging in at a school', () => {
  it('is for its members, in their role', async () => {
    const user = await addMember(t, school, 'teacher');
    const answer = await logIn(school.host, { email: user.email, password: PASSWORD });
    expect(answer.body).toMatchObject({ id: user.id, role: 'teacher', tenant_id: school.id });
    expect(answer.body.permissions).toContain('announcements:write');
    expect(answer.body.permissions).not.toContain('school:brand');
    const minutes = (Date.parse(answer.body.session_expires_at) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(59);
    expect(minutes).toBeLessThanOrEqual(60);
  });

  it('refuses strangers and super-admins alike', async () => {
    const stranger = await addUser(t);
    expectProblem(await logIn(school.host, { email: stranger.email, password: PASSWORD }), {
      code: 'invalid_credentials',
    });
    expectProblem(await logIn(school.host, SUPERADMIN), { code: 'invalid_credentials' });
    const user = await addMember(t, school, 'admin');
    expectProblem(await logIn(t.consoleHost, { email: user.email, password: PASSWORD }), {
      code: 'invalid_credentials',
    });
    expectProblem(await logIn('nowhere.localhost', SUPERADMIN), { code: 'tenant_not_found' });
    expect(await actions(school.id)).toContain('session.refuse');
  });

  it('lets one person into two schools, in the role of each', async () => {
    const other = await createSchool(t);
    const user = await addMember(t, school, 'teacher');
    await addMember(t, other, 'parent', user);
    const [here, there] = await Promise.all(
      [school, other].map(({ host }) => logIn(host, { email: user.email, password: PASSWORD })),
    );
    expect([here?.body.role, there?.body.role]).toEqual(['teacher', 'parent']);
  });
});

describe('a session', () => {
  it('of another host is refused there, and remembered in the audit', async () => {
    const other = await createSchool(t);
    const user = await addMember(t, school, 'admin');
    const answer = await logIn(school.host, { email: user.email, password: PASSWORD });
    const console = await superadmin(t);
    for (const [client, host, tenant] of [
      [carrying(answer, school.host), other.host, other.id],
      [carrying(answer, school.host), t.consoleHost, null],
      [console, school.host, school.id],
    ] as const) {
      const before = (await actions(tenant)).filter((action) => action === 'session.wrong_host').length;
      expectProblem(await client.at(host).get('/auth/me/'), { code: 'wrong_host' });
      expect((await actions(tenant)).filter((action) => action === 'session.wrong_host')).toHaveLength(
        before + 1,
      );
    }
    expect((await carrying(answer, school.host).get('/auth/me/')).status).toBe(200);
  });

  it('ends with the log-out, whose audit row says whose it was', async () => {
    const user = await addMember(t, school, 'admin');
    const answer = await logIn(school.host, { email: user.email, password: PASSWORD });
    const client = carrying(answer, school.host);
    const out = await client.post('/auth/logout/');
    expect(out).toMatchObject({ status: 204, text: '' });
    expect(out.cookies[0]).toMatch(/^preau_session=;.*Max-Age=0/);
    expectProblem(await client.get('/auth/me/'), { code: 'not_authenticated' });
    const [row] = await t.sql(
      `SELECT actor_type, actor_id FROM public.audit_log WHERE action = 'session.close' ORDER BY seq DESC LIMIT 1`,
    );
    expect(row).toEqual({ actor_type: 'user', actor_id: user.id });
    expect((await client.post('/auth/logout/')).status).toBe(204);
    expect((await visitor(t, school.host).post('/auth/logout/')).status).toBe(204);
  });

  it('ends when its time is over, and not before while it is used', async () => {
    const user = await addMember(t, school, 'student');
    const answer = await logIn(school.host, { email: user.email, password: PASSWORD });
    const client = carrying(answer, school.host);
    await t.sql(`UPDATE public.sessions SET expires_at = now() + interval '1 minute' WHERE user_id = $1`, [
      user.id,
    ]);
    t.services.sessions.forgetAll();
    expect(Date.parse((await client.get('/auth/me/')).body.session_expires_at)).toBeGreaterThan(
      Date.now() + 59 * 60_000,
    );
    await t.sql(`UPDATE public.sessions SET expires_at = now() - interval '1 second' WHERE user_id = $1`, [
      user.id,
    ]);
    t.services.sessions.forgetAll();
    expectProblem(await client.get('/auth/me/'), { code: 'not_authenticated' });
  });

  it('tells when it ends without being used by the question', async () => {
    const user = await addMember(t, school, 'student');
    const client = carrying(await logIn(school.host, { email: user.email, password: PASSWORD }), school.host);
    await t.sql(`UPDATE public.sessions SET expires_at = now() + interval '1 minute' WHERE user_id = $1`, [
      user.id,
    ]);
    t.services.sessions.forgetAll();
    for (let times = 0; times < 2; times += 1) {
      const { status, body } = await client.get('/auth/session/');
      expect(status).toBe(200);
      expect(Date.parse(body.expires_at)).toBeLessThan(Date.now() + 61_000);
    }
    expectProblem(await visitor(t, school.host).get('/auth/session/'), { code: 'not_authenticated' });
  });

  it('is not opened by a made-up or broken cookie', async () => {
    for (const cookie of [
      'preau_session=',
      'preau_session=x',
      `preau_session=${'a'.repeat(43)}`,
      'preau_session=%E0%A4%A',
      'a=b; preau_session',
    ]) {
      expectProblem(await createClient(t, school.host, { cookie }).get('/auth/me/'), {
        code: 'not_authenticated',
      });
    }
  });

  it('is kept as a hash only', async () => {
    const answer = await logIn(t.consoleHost, SUPERADMIN);
    const token = answer.cookies[0]?.split(/[=;]/)[1] ?? '';
    const rows = await t.sql<{ row: string }>(
      'SELECT s::text AS row FROM public.sessions s UNION ALL SELECT a::text FROM public.audit_log a',
    );
    expect(rows.filter(({ row }) => row.includes(token))).toEqual([]);
  });
});

describe('a request from another site', () => {
  const foreign: [Record<string, string>][] = [
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ origin: 'http://lycee.localhost' }],
    [{ 'sec-fetch-site': 'cross-site', origin: 'http://console.localhost' }],
  ];
  it.each(foreign)('cannot write with %o', async (headers) => {
    const admin = await superadmin(t);
    for (const path of ['/tenants/', '/auth/logout/']) {
      const answer = await admin.post(path, {}, { headers });
      expectProblem(answer, { code: 'cross_site_request' });
    }
    expectProblem(await logIn(t.consoleHost, SUPERADMIN, headers), {
      code: 'cross_site_request',
    });
  });

  it('may read, and the own site may write', async () => {
    const admin = await superadmin(t);
    expect((await admin.get('/tenants/', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(200);
    const own: Record<string, string>[] = [
      { 'sec-fetch-site': 'same-origin', origin: 'http://console.localhost' },
      { 'sec-fetch-site': 'none' },
      { origin: 'http://console.localhost' },
    ];
    for (const headers of own) {
      const answer = await logIn(t.consoleHost, SUPERADMIN, headers);
      expect(answer.status).toBe(200);
    }
  });
});

describe('attempts', () => {
  it('are counted by address: after ten a minute, 429 and when to come back', async () => {
    const attempt = (remoteAddress = '10.9.9.9') =>
      visitor(t, t.consoleHost).send({
        method: 'POST',
        url: '/api/v1/auth/login/',
        payload: { ...SUPERADMIN, password: 'wrong' },
        remoteAddress,
      });
    for (let left = 9; left >= 0; left -= 1) {
      const answer = await attempt();
      expect(answer.status).toBe(401);
      expect(answer.headers).toMatchObject({ 'ratelimit-limit': '10', 'ratelimit-remaining': String(left) });
    }
    const answer = await attempt();
    expectProblem(answer, { code: 'too_many_requests' });
    const seconds = Number(answer.headers['retry-after']);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(answer.body.detail).toContain(String(seconds));
    expect(answer.headers['ratelimit-remaining']).toBe('0');
    expect((await attempt('10.9.9.8')).status).toBe(401);
    // The right password helps no more than the wrong one.
    const right = await visitor(t, t.consoleHost).send({
      method: 'POST',
      url: '/api/v1/auth/login/',
      payload: SUPERADMIN,
      remoteAddress: '10.9.9.9',
    });
    expect(right.status).toBe(429);
  });
});
