import { withClient } from '@preau/postgres-launcher';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createSchool, newTenantBody } from '../../test/support/builders.ts';
import { type Client, platformKey, superadmin, teacher } from '../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../test/support/harness.ts';
import { expectProblem, expectRefusal } from '../../test/support/refusals.ts';

let t: TestApp;
let admin: Client;
beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
});
afterAll(() => t.close());

const withKey = (key: string) => ({ headers: { 'idempotency-key': key } });
const schools = async () =>
  Number((await t.sql<{ n: string }>('SELECT count(*) AS n FROM public.tenants'))[0]?.n);

describe('Idempotency-Key', () => {
  it('gives the same answer to the same request, which is carried out once', async () => {
    const body = { ...newTenantBody(), provision_now: true };
    const first = await admin.post('/tenants/', body, withKey('a'));
    expect(first.status).toBe(201);
    const count = await schools();
    const again = await admin.post('/tenants/', body, withKey('a'));
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.headers['content-type']).toMatch(/^application\/json/);
    expect(again.headers.location).toBe(first.headers.location);
    expect(again.body.first_admin).toEqual(first.body.first_admin);
    expect(await schools()).toBe(count);
  });

  it('is of one address whether or not it ends in a slash', async () => {
    const body = newTenantBody();
    const first = await admin.post('/tenants/', body, withKey('slash'));
    const again = await admin.post('/tenants', body, withKey('slash'));
    expect(again).toMatchObject({ status: 201, body: first.body });
  });

  it('refuses another request under the same key', async () => {
    const body = newTenantBody();
    await admin.post('/tenants/', body, withKey('b'));
    const other = { ...body, city: 'Nice' };
    await expectRefusal(t, () => admin.post('/tenants/', other, withKey('b')), {
      code: 'idempotency_mismatch',
    });
    const school = await createSchool(t);
    await expectRefusal(t, () => admin.post(`/tenants/${school.id}/deactivate/`, {}, withKey('b')), {
      code: 'idempotency_mismatch',
    });
  });

  it('belongs to who used it', async () => {
    const first = await admin.post('/tenants/', newTenantBody(), withKey('c'));
    const key = await platformKey(t, ['tenants:create']);
    const second = await key.post('/tenants/', newTenantBody(), withKey('c'));
    expect(second.status).toBe(201);
    expect(second.body.id).not.toBe(first.body.id);
    const school = await createSchool(t);
    const person = await teacher(t, school);
    const news = { title: 'a', body: 'b' };
    const published = await person.post('/announcements/', news, withKey('c'));
    expect((await person.post('/announcements/', news, withKey('c'))).body).toEqual(published.body);
    expect((await person.get('/announcements/')).body.count).toBe(1);
  });

  it('is free again after a refusal', async () => {
    const wrong = newTenantBody({ primary_color: 'red' });
    expectProblem(await admin.post('/tenants/', wrong, withKey('d')), { code: 'invalid_input' });
    await createSchool(t, { subdomain: 'occupied' });
    expectProblem(await admin.post('/tenants/', newTenantBody({ subdomain: 'occupied' }), withKey('d')), {
      code: 'subdomain_taken',
    });
    expect((await admin.post('/tenants/', newTenantBody(), withKey('d'))).status).toBe(201);
  });

  it('is refused while its request is under way', async () => {
    const school = await createSchool(t);
    await withClient(t.fresh.adminUrl, async (holder) => {
      await holder.query('BEGIN');
      await holder.query('SELECT FROM public.tenants WHERE id = $1 FOR UPDATE', [school.id]);
      const ask = () => admin.post(`/tenants/${school.id}/deactivate/`, {}, withKey('e'));
      const first = ask();
      await vi.waitUntil(
        async () =>
          (
            await t.sql(`SELECT 1 FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock'`, [
              t.fresh.name,
            ])
          ).length > 0,
      );
      const second = await ask();
      expectProblem(second, { code: 'idempotency_in_progress' });
      expect(second.headers['retry-after']).toBe('1');
      await holder.query('COMMIT');
      expect((await first).status).toBe(200);
      expect((await ask()).headers['idempotency-replayed']).toBe('true');
    });
  });

  it('sent five times at once is carried out once', async () => {
    const body = newTenantBody();
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => admin.post('/tenants/', body, withKey('f'))));
    const made = answers.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ body: { id } }) => id)).size).toBe(1);
    for (const answer of answers.filter(({ status }) => status !== 201))
      expectProblem(answer, { code: 'idempotency_in_progress' });
    expect(await t.sql('SELECT 1 FROM public.tenants WHERE subdomain = $1', [body.subdomain])).toHaveLength(
      1,
    );
  });

  it('too long is refused', async () => {
    await expectRefusal(t, () => admin.post('/tenants/', newTenantBody(), withKey('x'.repeat(256))), {
      code: 'bad_request',
    });
  });

  it('keeps no secret in clear', async () => {
    const { body } = await admin.post(
      '/platform/api_keys/',
      { name: 'x', scopes: ['tenants:read'] },
      withKey('g'),
    );
    expect(
      (await admin.post('/platform/api_keys/', { name: 'x', scopes: ['tenants:read'] }, withKey('g'))).body,
    ).toEqual(body);
    const rows = await t.sql<{ body: string }>(
      'SELECT body FROM public.idempotency_keys WHERE body IS NOT NULL',
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      expect(row.body).not.toContain(body.secret);
      expect(Buffer.from(row.body, 'base64').toString('latin1')).not.toContain(body.secret);
    }
  });
});
