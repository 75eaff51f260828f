import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSchool, newTenantBody, type School } from '../../../test/support/builders.ts';
import { type Client, platformKey, schoolAdmin, superadmin, visitor } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';

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

describe('closing and reopening', () => {
  it('is seen by the very next request, with the reason, and the theme still answers', async () => {
    const there = await schoolAdmin(t, school);
    expect((await there.get('/current-tenant/info/')).status).toBe(200);
    const { status, body } = await admin.post(`${path}deactivate/`, { reason: ' Travaux d’été ' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'inactive', is_active: false, inactive_reason: 'Travaux d’été' });
    const closed = await there.get('/current-tenant/info/');
    expectProblem(closed, { code: 'tenant_inactive' });
    expect(closed.body).toMatchObject({ reason: 'Travaux d’été', since: body.inactive_since });
    expectProblem(await there.post('/auth/login/', { email: 'x', password: 'y' }), {
      code: 'tenant_inactive',
    });
    const theme = await visitor(t, school.host).get('/current-tenant/theme/');
    expect(theme).toMatchObject({ status: 200, body: { primary_color: '#2E7D32' } });

    const opened = await admin.post(`${path}activate`);
    expect(opened.body).toMatchObject({ status: 'active', inactive_reason: null, inactive_since: null });
    // Sessions ended with the closing.
    expectProblem(await there.get('/current-tenant/info/'), { code: 'not_authenticated' });
  });

  it('takes no reason, none at all or null', async () => {
    for (const body of [undefined, {}, { reason: null }, { reason: '  ' }]) {
      const answer = await admin.post(`${path}deactivate/`, body);
      expect(answer).toMatchObject({ status: 200, body: { inactive_reason: null } });
      expect((await admin.post(`${path}activate/`)).status).toBe(200);
    }
    await expectRefusal(t, () => admin.post(`${path}deactivate/`, { reason: 'x'.repeat(501) }), {
      code: 'invalid_input',
      errors: { reason: 'max_length' },
    });
    await expectRefusal(t, () => admin.post(`${path}deactivate/`, { why: 'x' }), {
      code: 'invalid_input',
      errors: { why: 'unknown_field' },
    });
  });

  it('refuses every step that leads nowhere', async () => {
    await expectRefusal(t, () => admin.post(`${path}activate/`), { code: 'illegal_transition' });
    await expectRefusal(t, () => admin.post(`${path}restore/`), { code: 'illegal_transition' });
    await admin.post(`${path}deactivate/`);
    await expectRefusal(t, () => admin.post(`${path}deactivate/`), { code: 'illegal_transition' });
    const pending = await createSchool(t, { provisioned: false });
    await expectRefusal(t, () => admin.post(`/tenants/${pending.id}/activate/`), { code: 'not_provisioned' });
    await expectRefusal(t, () => admin.post(`/tenants/${pending.id}/deactivate/`), {
      code: 'not_provisioned',
    });
  });

  it('one of two at once goes through', async () => {
    const answers = await Promise.all([1, 2].map(() => admin.post(`${path}deactivate/`)));
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', '409']);
  });
});

describe('archiving', () => {
  it('closes the school until it is restored to what it was', async () => {
    const { status, body } = await admin.delete(path);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: school.id, status: 'archived', is_active: false, purged: false });
    expect(Date.parse(body.purge_at)).toBeGreaterThan(Date.now());
    expectProblem(await visitor(t, school.host).get('/current-tenant/modules/'), { code: 'tenant_inactive' });
    expect((await visitor(t, school.host).get('/current-tenant/theme/')).status).toBe(200);
    for (const step of ['activate', 'deactivate', 'provision']) {
      await expectRefusal(t, () => admin.post(`${path}${step}/`), {
        code: step === 'provision' ? 'already_provisioned' : 'illegal_transition',
      });
    }
    await expectRefusal(t, () => admin.delete(path), { code: 'illegal_transition' });
    const taken = newTenantBody({ subdomain: school.subdomain });
    await expectRefusal(t, () => admin.post('/tenants/', taken), { code: 'subdomain_taken' });

    const restored = await admin.post(`${path}restore/`);
    expect(restored).toMatchObject({
      status: 200,
      body: { status: 'active', purge_at: null, inactive_since: null },
    });
    expect((await visitor(t, school.host).get('/current-tenant/theme/')).status).toBe(200);
  });

  it('remembers that a school was closed, or never opened', async () => {
    await admin.post(`${path}deactivate/`, { reason: 'Travaux' });
    await admin.delete(path);
    expect((await admin.post(`${path}restore/`)).body).toMatchObject({
      status: 'inactive',
      inactive_reason: 'Travaux',
    });
    const pending = await createSchool(t, { provisioned: false });
    await admin.delete(`/tenants/${pending.id}/`);
    expect((await admin.post(`/tenants/${pending.id}/restore/`)).body).toMatchObject({
      status: 'pending',
      inactive_since: null,
    });
    expect((await admin.post(`/tenants/${pending.id}/provision/`)).status).toBe(200);
  });
});

describe('purging', () => {
  const purge = (client: Client, headers: Record<string, string> = {}) =>
    client.delete(path, { query: { purge: true }, headers });

  it('wants the subdomain again, spelt exactly', async () => {
    for (const headers of [
      {},
      { 'x-confirm': '' },
      { 'x-confirm': 'yes' },
      { 'x-confirm': school.subdomain.toUpperCase() },
    ]) {
      const answer = await expectRefusal(t, () => purge(admin, headers as Record<string, string>), {
        code: 'confirmation_required',
      });
      expect(answer.body.detail).toContain(school.subdomain);
    }
    await expectRefusal(t, () => admin.delete(path, { query: { purge: 'perhaps' } }), {
      code: 'invalid_input',
      errors: { purge: 'type' },
    });
    await expectRefusal(t, () => admin.delete(path, { query: { erase: true } }), {
      code: 'invalid_input',
      errors: { erase: 'unknown_field' },
    });
  });

  it('leaves neither schema, role, row nor address, and keeps the audit', async () => {
    const there = await schoolAdmin(t, school);
    await admin.post(`${path}add_domain/`, { domain: 'www.purge.fr', vouched: true });
    await t.services.announcements.create(
      school.ref,
      { actor: { type: 'system', id: null, label: 's' }, ip: null, requestId: null },
      { title: 'a', body: 'b' },
    );
    const answer = await purge(admin, { 'x-confirm': school.subdomain });
    expect(answer).toMatchObject({ status: 200, body: { purged: true } });
    expect(
      await t.sql(
        `SELECT 1 FROM pg_roles WHERE rolname = $1 UNION ALL SELECT 1 FROM pg_namespace WHERE nspname = $1`,
        [school.schemaName],
      ),
    ).toEqual([]);
    const referring = await t.sql<{ table: string; column: string }>(
      `SELECT c.table_name AS table, c.column_name AS column FROM information_schema.columns c
       WHERE c.table_schema = 'public' AND c.column_name IN ('tenant_id', 'schema_name') AND c.table_name <> 'audit_log'`,
    );
    expect(referring.length).toBeGreaterThan(5);
    for (const { table, column } of referring) {
      const value = column === 'tenant_id' ? school.id : school.schemaName;
      expect(await t.sql(`SELECT 1 FROM public.${table} WHERE ${column}::text = $1`, [value]), table).toEqual(
        [],
      );
    }
    expectProblem(await admin.get(path), { code: 'not_found' });
    for (const host of [school.host, 'www.purge.fr']) {
      expectProblem(await visitor(t, host).get('/current-tenant/theme/'), { code: 'tenant_not_found' });
    }
    expectProblem(await there.get('/current-tenant/info/'), { code: 'tenant_not_found' });
    const [last] = await t.sql(
      `SELECT action, before FROM public.audit_log WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1`,
      [school.id],
    );
    expect(last).toMatchObject({
      action: 'tenant.purge',
      before: { subdomain: school.subdomain, schema_name: school.schemaName },
    });
    expect(
      (
        await admin.post('/tenants/', {
          ...newTenantBody({ subdomain: school.subdomain }),
          provision_now: true,
        })
      ).status,
    ).toBe(201);
  });

  it('works for a school that was never opened', async () => {
    const pending = await createSchool(t, { provisioned: false });
    const answer = await admin.delete(`/tenants/${pending.id}/`, {
      query: { purge: true },
      headers: { 'x-confirm': pending.subdomain },
    });
    expect(answer.body).toEqual({ purged: true });
  });

  it('refuses a network that still groups schools', async () => {
    const network = await createSchool(t, { school_type: 'network' });
    await createSchool(t, { provisioned: false, network: network.subdomain });
    await expectRefusal(
      t,
      () =>
        admin.delete(`/tenants/${network.id}/`, {
          query: { purge: true },
          headers: { 'x-confirm': network.subdomain },
        }),
      { code: 'last_network' },
    );
  });

  it('has a permission of its own', async () => {
    const keeper = await platformKey(t, ['tenants:lifecycle', 'tenants:read', 'tenants:update']);
    await expectRefusal(t, () => purge(keeper, { 'x-confirm': school.subdomain }), {
      code: 'permission_denied',
    });
    expect((await keeper.delete(path)).status).toBe(200);
    const eraser = await platformKey(t, ['tenants:lifecycle', 'tenants:purge']);
    expect((await purge(eraser, { 'x-confirm': school.subdomain })).body).toEqual({ purged: true });
  });
});
