import { withClient } from '@preau/postgres-launcher';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, newTenantBody, PASSWORD, type School } from '../../../test/support/builders.ts';
import {
  type Client,
  member,
  platformKey,
  schoolAdmin,
  superadmin,
  teacher,
  visitor,
} from '../../../test/support/clients.ts';
import { createTestApp, SUPERADMIN, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem } from '../../../test/support/refusals.ts';
import { auditCentral, SYSTEM } from './index.ts';

let t: TestApp;
let admin: Client;
let school: School;
let head: Client & { userId: string; email: string };
beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
  school = await createSchool(t);
  head = await schoolAdmin(t, school);
});
afterAll(() => t.close());

interface Row {
  seq: number;
  at: string;
  action: string;
  actor: string;
  target_id: string | null;
  tenant_id: string | null;
}
const list = async (query: Record<string, string | number> = {}, client = admin): Promise<Row[]> => {
  const { status, body } = await client.get(client === admin ? '/audit_log/' : '/current-tenant/audit_log/', {
    query,
  });
  expect(status).toBe(200);
  return body.results;
};
const put = (tenantId: string | null, action: string, id: string, more: object = {}) =>
  t.services.tenancy.central(({ trx }) =>
    auditCentral(trx, SYSTEM, tenantId, { action, target: { type: 'test', id }, ...more }),
  );

describe('the list of the trail', () => {
  it('is newest first, and narrowed by school, actor, action, time and words', async () => {
    const other = await createSchool(t);
    await put(school.id, 'list.one', 'needle_50%');
    const since = (await list({ tenant: school.id, action: 'list.one' }))[0]?.at ?? '';
    await put(school.id, 'list.two', 'straw');
    await put(other.id, 'list.one', 'straw');
    await put(null, 'list.one', 'straw');
    const seqs = (await list()).map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.toSorted((a, b) => b - a));
    expect((await list({ action: 'list.one' })).map(({ tenant_id }) => tenant_id)).toEqual([
      null,
      other.id,
      school.id,
    ]);
    expect((await list({ action: 'list' })).length).toBe(4);
    expect((await list({ action: 'lis' })).length).toBe(0);
    expect((await list({ tenant: 'platform', action: 'list' })).length).toBe(1);
    expect((await list({ tenant: school.id, action: 'list', since })).map(({ action }) => action)).toEqual([
      'list.two',
      'list.one',
    ]);
    expect((await list({ action: 'list', until: '2020-01-01T00:00:00Z' })).length).toBe(0);
    expect((await list({ search: 'NEEDLE_50%' })).map(({ action }) => action)).toEqual(['list.one']);
    expect((await list({ search: 'needle_5_%' })).length).toBe(0);
    await head.patch('/current-tenant/theme/', { primary_color: '#101010' });
    for (const actor of [head.email, head.userId, head.email.toUpperCase()])
      expect((await list({ actor, action: 'tenant.update' })).map(({ actor: label }) => label)).toEqual([
        head.email,
      ]);
  });

  it('goes on by cursor to the end and back, each row once, while new ones come', async () => {
    for (let at = 0; at < 25; at += 1) await put(school.id, 'page.turn', String(at));
    const seen: string[] = [];
    let path: string | null = '/audit_log/?action=page.turn&page_size=10';
    const before: (string | null)[] = [];
    let previous: string | null = null;
    while (path) {
      const { body } = await admin.get(path.replace('/api/v1', ''));
      seen.push(...body.results.map(({ target_id }: Row) => target_id));
      before.push(body.previous);
      ({ next: path, previous } = body);
      expect(body).toMatchObject({ count_is_exact: true });
      await put(school.id, 'page.turn', 'new');
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, at) => String(24 - at)));
    expect(before[0]).toBeNull();
    const back = await admin.get((previous ?? '').replace('/api/v1', ''));
    expect(back.body.results.map(({ target_id }: Row) => target_id)).toEqual(
      Array.from({ length: 10 }, (_, at) => String(14 - at)),
    );
    const second = await admin.get('/audit_log/', {
      query: { action: 'page.turn', page_size: 10, page: 2 },
    });
    expect(second.body.results[0].target_id).toBe('17');
  });

  it.each([
    [{ tenant: 'x' }, 'tenant'],
    [{ action: 'DROP' }, 'action'],
    [{ since: 'yesterday' }, 'since'],
    [{ cursor: '1' }, 'cursor'],
    [{ page_size: 101 }, 'page_size'],
    [{ other: 1 }, 'other'],
  ])('refuses %o', async (query, field) => {
    const answer = await admin.get('/audit_log/', { query });
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].path).toBe(field);
  });

  it('of a school is its administrator’s on its own host, and nobody else’s', async () => {
    const other = await createSchool(t);
    await put(other.id, 'own.other', 'x');
    await put(null, 'own.platform', 'x');
    await put(school.id, 'own.here', 'x');
    const rows = await list({ page_size: 100 }, head);
    expect(new Set(rows.map(({ tenant_id }) => tenant_id))).toEqual(new Set([school.id]));
    expect(rows.map(({ action }) => action)).toContain('own.here');
    expect((await head.get('/current-tenant/audit_log/', { query: { tenant: other.id } })).status).toBe(400);
    const author = await teacher(t, school);
    for (const path of ['', 'verify/', 'export/'])
      expectProblem(await author.get(`/current-tenant/audit_log/${path}`), { code: 'permission_denied' });
    expectProblem(await head.get('/audit_log/'), { code: 'not_found' });
    const key = await platformKey(t, ['audit:read']);
    expect((await key.get('/audit_log/')).status).toBe(200);
  });

  it('finds its rows by an index, however many there are', async () => {
    for (const filter of [
      'true',
      `tenant_id = '${school.id}'`,
      `action = 'x.y'`,
      `action LIKE 'x.%'`,
      `actor_id = '${school.id}'`,
      `(actor_label || ' ' || coalesce(target_id, '')) ILIKE '%needle%'`,
    ]) {
      const plan = await withClient(t.fresh.adminUrl, async (client) => {
        // The table is small here; what is asked is whether there is another way.
        await client.query('SET enable_seqscan = off');
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(
          `EXPLAIN SELECT * FROM audit.log WHERE ${filter} AND (at, seq) < (now(), 5) ORDER BY at DESC, seq DESC LIMIT 20`,
        );
        return rows.map((line) => line['QUERY PLAN']).join('\n');
      });
      expect(plan, filter).toMatch(/Index|Bitmap/);
    }
  });
});

describe('the trail as CSV', () => {
  it('has every row that fits, in pieces, with no cell that a spreadsheet would reckon', async () => {
    await t.sql(
      `INSERT INTO audit.log (tenant_id, actor_type, actor_label, action, target_type, target_id, after)
       SELECT $1, 'system', '=HYPERLINK("http://x")', 'csv.row', 'test', '@' || n, '{"a": "é;\\"x\\"\\n"}' FROM generate_series(1, 2500) n`,
      [school.id],
    );
    const answer = await admin.get('/audit_log/export/', { query: { action: 'csv.row' } });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="audit-[\d-]+\.csv"$/);
    expect(answer.text.startsWith('\uFEFF')).toBe(true);
    const rows = parse<Record<string, string>>(answer.text, { columns: true, bom: true });
    expect(rows).toHaveLength(2500);
    expect(new Set(rows.map(({ seq }) => seq)).size).toBe(2500);
    expect(rows[0]).toMatchObject({ actor: `'=HYPERLINK("http://x")`, after: '{"a":"é;\\"x\\"\\n"}' });
    expect(rows.every(({ target_id }) => target_id?.startsWith("'@"))).toBe(true);
  });

  it('is itself put down, with what was asked for', async () => {
    await admin.get('/audit_log/export/', { query: { tenant: school.id, action: 'csv' } });
    expect((await list({ action: 'audit.export', tenant: school.id }))[0]).toMatchObject({
      actor: SUPERADMIN.email,
      after: { action: 'csv', of: school.id },
    });
    const own = await head.get('/current-tenant/audit_log/export/');
    const rows = parse<Record<string, string>>(own.text, { columns: true, bom: true });
    expect(new Set(rows.map(({ tenant_id }) => tenant_id))).toEqual(new Set([school.id]));
    expect((await list({ action: 'audit.export' }, head))[0]).toMatchObject({ actor: head.email });
  });
});

describe('what changes nothing and is put down all the same', () => {
  it('log-ins, their failures, and sessions at the wrong host', async () => {
    const person = await member(t, school, 'staff');
    const guest = visitor(t, school.host);
    await guest.post('/auth/login/', { email: person.email, password: 'wrong' });
    await guest.post('/auth/login/', { email: person.email, password: PASSWORD });
    const other = await createSchool(t);
    expectProblem(await person.at(other.host).get('/auth/me/'), { code: 'wrong_host' });
    expect((await list({ search: person.email, tenant: school.id })).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['session.refuse']),
    );
    expect((await list({ actor: person.email, action: 'session.open' })).length).toBeGreaterThan(1);
    expect((await list({ actor: person.email, tenant: other.id }))[0]).toMatchObject({
      action: 'session.wrong_host',
    });
  });

  it('refused changes of people and keys who are known: once a minute each, reads never', async () => {
    const author = await teacher(t, school);
    for (let times = 0; times < 3; times += 1)
      expectProblem(await author.patch('/current-tenant/theme/', { primary_color: '#000000' }), {
        code: 'permission_denied',
      });
    await author.get('/current-tenant/audit_log/');
    await visitor(t, school.host).patch('/current-tenant/theme/', {});
    expect(await list({ action: 'access.refuse', tenant: school.id })).toMatchObject([
      {
        actor: author.email,
        target_id: 'PATCH /current-tenant/theme/',
        after: { permission: 'school:brand' },
      },
    ]);
    // Refused by what it is about, not by the role.
    const colleague = await teacher(t, school);
    const { body: news } = await colleague.post('/announcements/', { title: 'a', body: 'b' });
    await author.delete(`/announcements/${news.id}/`);
    expect((await list({ action: 'access.refuse', actor: author.email }))[0]).toMatchObject({
      target_id: 'DELETE /announcements/:id/',
    });
    const key = await platformKey(t, ['tenants:read']);
    expectProblem(await key.post('/tenants/', newTenantBody()), { code: 'permission_denied' });
    expect((await list({ action: 'access.refuse', tenant: 'platform' }))[0]).toMatchObject({
      actor: 'test',
      target_id: 'POST /tenants/',
    });
  });

  it('never what opens something', async () => {
    await put(school.id, 'mask.me', 'x', {
      before: { password_hash: 'hush' },
      after: { settings: { smtp_password: 'hush', postal_code: '75001' } },
    });
    const [row] = await t.sql<{ text: string }>(
      `SELECT l::text AS text FROM audit.log l WHERE action = 'mask.me'`,
    );
    expect(row?.text).not.toContain('hush');
    expect(row?.text).toContain('75001');
  });
});
