import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import {
  type Client,
  createClient,
  schoolAdmin,
  student,
  superadmin,
  visitor,
} from '../../../test/support/clients.ts';
import { createTestApp, SUPERADMIN, type TestApp } from '../../../test/support/harness.ts';
import { lastMailTo } from '../../../test/support/mailbox.ts';
import { expectProblem } from '../../../test/support/refusals.ts';

let t: TestApp;
let admin: Client;
let school: School;
let head: Client & { email: string; userId: string };
beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
});
afterAll(() => t.close());

/** A school of its own with its administrator: one request of a person at a time. */
async function newSchool(): Promise<void> {
  school = await createSchool(t);
  head = await schoolAdmin(t, school);
}
const ask = async (reason = 'Les annonces ne s’affichent plus') => {
  const answer = await admin.post(`/tenants/${school.id}/support/`, { reason });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id as string;
};
const grant = (id: string, hours = 2) => head.post(`/support/${id}/grant/`, { hours });
const cookieOf = (cookies: readonly string[]) => cookies[0]?.split(';')[0] ?? '';

async function comeIn(app = t): Promise<{ id: string; supporter: Client }> {
  const id = await ask();
  expect((await grant(id)).status).toBe(200);
  const { body } = await admin.post(`/tenants/${school.id}/support/${id}/enter/`);
  const arrived = await visitor(app, school.host).post('/support/arrive/', { token: body.token });
  expect(arrived.status, arrived.text).toBe(200);
  return { id, supporter: createClient(app, school.host, { cookie: cookieOf(arrived.cookies) }) };
}
const trail = () =>
  t.sql(
    'SELECT action, actor_label, grant_id, grantor_label FROM audit.log WHERE tenant_id = $1 ORDER BY seq',
    [school.id],
  );

describe('support by consent', () => {
  it('is asked for with a reason, told by mail, granted for hours, and seen by everybody at the school', async () => {
    await newSchool();
    const id = await ask('Les annonces');
    expectProblem(await admin.post(`/tenants/${school.id}/support/`, { reason: 'encore' }), {
      code: 'support_open',
    });
    const mail = await lastMailTo(t, head.email);
    expect(JSON.stringify(mail)).toContain('Les annonces');
    expect((await head.get('/support/now/')).body).toEqual({ active: [], mine: null, asked: 1 });
    expectProblem(await admin.post(`/tenants/${school.id}/support/${id}/enter/`), {
      code: 'support_not_granted',
    });

    const { body } = await grant(id, 3);
    expect(body).toMatchObject({ status: 'granted', decided_by: head.email, asked_by: SUPERADMIN.email });
    expect(Date.parse(body.expires_at) - Date.now()).toBeGreaterThan(3 * 3_600_000 - 60_000);
    expectProblem(await grant(id), { code: 'support_decided' });
    const pupil = await student(t, school);
    expect((await pupil.get('/support/now/')).body).toMatchObject({
      active: [{ id, by: SUPERADMIN.email, granted_by: head.email }],
      asked: 0,
      mine: null,
    });
    for (const [client, path] of [
      [admin, `/tenants/${school.id}/support/`],
      [head, '/support/'],
    ] as const)
      expect((await client.get(path)).body.results).toMatchObject([{ id, status: 'granted' }]);
  });

  it('lets in through a link that works once, for a minute, on that school’s host, for who asked', async () => {
    await newSchool();
    const id = await ask();
    await grant(id);
    const enter = () => admin.post(`/tenants/${school.id}/support/${id}/enter/`);
    const first = (await enter()).body;
    expect(first.url).toBe(`http://${school.host}:3000/support/arrive#${first.token}`);
    const second = (await enter()).body;
    const arrive = (token: string, host = school.host) =>
      visitor(t, host).post('/support/arrive/', { token });
    expectProblem(await arrive(first.token), { code: 'support_not_granted' });
    const other = await createSchool(t);
    expectProblem(await arrive(second.token, other.host), { code: 'support_not_granted' });
    const { status, body, cookies } = await arrive(second.token);
    expect([status, body.role, body.email]).toEqual([200, 'admin', SUPERADMIN.email]);
    expect([body.support, (await head.get('/auth/me/')).body.support]).toEqual([true, false]);
    expectProblem(await arrive(second.token), { code: 'support_not_granted' });
    const third = (await enter()).body;
    await t.sql(
      "UPDATE public.support_grants SET entry_expires_at = now() - interval '1 second' WHERE id = $1",
      [id],
    );
    expectProblem(await arrive(third.token), { code: 'support_not_granted' });
    const supporter = createClient(t, school.host, { cookie: cookieOf(cookies) });
    expect((await supporter.get('/current-tenant/info/')).status).toBe(200);
    expect((await supporter.get('/support/now/')).body.mine).toBe(id);
    const rows = await t.sql<{ row: string }>(
      'SELECT g::text AS row FROM public.support_grants g UNION ALL SELECT l::text FROM audit.log l',
    );
    expect(rows.filter(({ row }) => row.includes(second.token))).toEqual([]);
  });

  it('puts both down with every row of that time', async () => {
    await newSchool();
    const { id, supporter } = await comeIn();
    await supporter.post('/announcements/', { title: 'a', body: 'b' });
    await supporter.patch('/current-tenant/theme/', { primary_color: '#222222' });
    const both = { actor_label: SUPERADMIN.email, grant_id: id, grantor_label: head.email };
    const rows = await trail();
    for (const action of ['session.open', 'announcement.create', 'tenant.update'])
      expect(rows.findLast((row) => row['action'] === action)).toMatchObject(both);
    const { body } = await head.get('/current-tenant/audit_log/', { query: { action: 'announcement' } });
    expect(body.results[0].support).toEqual({ grant_id: id, granted_by: head.email });
    expect((await t.services.audit.verify(school.id)).holds).toBe(true);
  });

  it('is not a way to consent for the school, to make keys, or to bring people in', async () => {
    await newSchool();
    const { supporter, id } = await comeIn();
    const refused: [method: 'get' | 'post', path: string, body?: object][] = [
      ['get', '/support/'],
      ['post', `/support/${id}/grant/`, { hours: 72 }],
      ['post', '/api_keys/', { name: 'x', scopes: ['school:read'] }],
      ['post', '/invitations/', { email: 'x@example.org', role: 'admin' }],
    ];
    for (const [method, path, body] of refused)
      expectProblem(await (method === 'get' ? supporter.get(path) : supporter.post(path, body)), {
        code: 'permission_denied',
      });
    const { body } = await supporter.get('/auth/me/');
    expect(body.permissions).not.toContain('school:support');
    expect(body.permissions).toContain('school:brand');
  });

  it('does not exist without a grant, and none is another school’s', async () => {
    await newSchool();
    expectProblem(await admin.at(school.host).get('/current-tenant/info/'), { code: 'wrong_host' });
    expectProblem(await visitor(t, school.host).post('/auth/login/', SUPERADMIN), {
      code: 'invalid_credentials',
    });
    const id = await ask();
    const elsewhere = await createSchool(t);
    const stranger = await schoolAdmin(t, elsewhere);
    for (const act of ['grant', 'refuse', 'end'])
      expectProblem(
        await stranger.post(`/support/${id}/${act}/`, act === 'grant' ? { hours: 1 } : undefined),
        { code: 'not_found' },
      );
    expectProblem(await admin.post(`/tenants/${elsewhere.id}/support/${id}/end/`), { code: 'not_found' });
    expect((await head.post(`/support/${id}/refuse/`)).body.status).toBe('refused');
    expectProblem(await admin.post(`/tenants/${school.id}/support/${id}/enter/`), {
      code: 'support_not_granted',
    });
    // Who was refused may ask again.
    const again = await ask();
    expect((await admin.post(`/tenants/${school.id}/support/${again}/end/`)).body.status).toBe('ended');
    expect((await trail()).map((row) => row['action'])).toEqual(
      expect.arrayContaining(['support.ask', 'support.refuse', 'support.withdraw']),
    );
  });

  it.each([
    ['the school', (id: string) => head.post(`/support/${id}/end/`)],
    ['the platform', (id: string) => admin.post(`/tenants/${school.id}/support/${id}/end/`)],
    ['the one who is there', (_: string, supporter: Client) => supporter.post('/support/leave/')],
  ])('ends at once in every process when %s ends it', async (_, end) => {
    await newSchool();
    const other = await createTestApp({ fresh: t.fresh });
    try {
      const { id, supporter } = await comeIn();
      const there = createClient(other, school.host, supporter.headers);
      expect((await there.get('/current-tenant/info/')).status).toBe(200);
      const [{ id: session }] = (await t.sql<{ id: string }>(
        'SELECT id FROM public.sessions WHERE grant_id = $1',
        [id],
      )) as [{ id: string }];
      const heard = other.hears('session', session);
      const began = performance.now();
      expect((await end(id, supporter)).status).toBeLessThan(300);
      await heard;
      for (const client of [there, supporter])
        expectProblem(await client.get('/current-tenant/info/'), { code: 'not_authenticated' });
      expect(performance.now() - began).toBeLessThan(1_000);
      expect((await head.get('/support/now/')).body.active).toEqual([]);
      expectProblem(await head.post(`/support/${id}/end/`), { code: 'support_not_granted' });
    } finally {
      await other.close();
    }
  });

  it('ends by itself when its hours are over, however busy the session is', async () => {
    await newSchool();
    const { id, supporter } = await comeIn();
    const [{ late }] = (await t.sql<{ late: boolean }>(
      'SELECT s.expires_at > g.expires_at AS late FROM public.sessions s JOIN public.support_grants g ON g.id = s.grant_id WHERE g.id = $1',
      [id],
    )) as [{ late: boolean }];
    expect(late).toBe(false);
    await t.sql("UPDATE public.support_grants SET expires_at = now() - interval '1 second' WHERE id = $1", [
      id,
    ]);
    t.services.sessions.forgetAll();
    expectProblem(await supporter.get('/current-tenant/info/'), { code: 'not_authenticated' });
    expect((await head.get('/support/')).body.results[0].status).toBe('expired');
    expect((await admin.post(`/tenants/${school.id}/support/`, { reason: 'encore' })).status).toBe(201);
  });

  it('is asked about by every open page, which keeps nobody’s session alive', async () => {
    await newSchool();
    const soon = "now() + interval '1 minute'";
    const left = async () => {
      const [row] = await t.sql<{ seconds: number }>(
        'SELECT extract(epoch FROM expires_at - now())::int AS seconds FROM public.sessions WHERE user_id = $1',
        [head.userId],
      );
      return row?.seconds ?? 0;
    };
    await t.sql(`UPDATE public.sessions SET expires_at = ${soon} WHERE user_id = $1`, [head.userId]);
    t.services.sessions.forgetAll();
    for (let asked = 0; asked < 3; asked += 1)
      expect((await head.get('/support/now/')).body).toEqual({ active: [], mine: null, asked: 0 });
    expect(await left()).toBeLessThanOrEqual(60);
    await head.get('/current-tenant/info/');
    expect(await left()).toBeGreaterThan(3_000);
    await t.sql("UPDATE public.sessions SET expires_at = now() - interval '1 second' WHERE user_id = $1", [
      head.userId,
    ]);
    t.services.sessions.forgetAll();
    expectProblem(await head.get('/support/now/'), { code: 'not_authenticated' });
  });

  it('ends for who is no super-admin any more', async () => {
    await newSchool();
    const { supporter } = await comeIn();
    await t.sql('UPDATE public.users SET is_superadmin = false WHERE email = $1', [SUPERADMIN.email]);
    t.services.sessions.forgetAll();
    try {
      expectProblem(await supporter.get('/current-tenant/info/'), { code: 'not_authenticated' });
    } finally {
      await t.sql('UPDATE public.users SET is_superadmin = true WHERE email = $1', [SUPERADMIN.email]);
      t.services.sessions.forgetAll();
    }
  });
});
