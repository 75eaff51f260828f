import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, newTenantBody } from '../../../test/support/builders.ts';
import {
  type Answer,
  type Client,
  platformKey,
  schoolAdmin,
  superadmin,
  teacher,
} from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';

interface Row {
  action: string;
  actor_type: string;
  actor_label: string;
  target_type: string;
  target_id: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  ip: string | null;
  request_id: string | null;
  xid: string;
}

let t: TestApp;
let admin: Client;
beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
});
afterAll(() => t.close());

const rowsOf = (tenant: string | null): Promise<Row[]> =>
  t.sql<Row>(
    'SELECT *, xmin::text AS xid FROM audit.log WHERE tenant_id IS NOT DISTINCT FROM $1 ORDER BY seq',
    [tenant],
  );
const xidOf = async (table: string, id: string): Promise<string> =>
  (await t.sql<{ xid: string }>(`SELECT xmin::text AS xid FROM ${table} WHERE id = $1`, [id]))[0]?.xid ??
  'none';

describe('the audit trail', () => {
  it('has a row for every change of a school, in the transaction of the change', async () => {
    const created = await admin.post('/tenants/', newTenantBody());
    const id: string = created.body.id;
    const path = `/tenants/${id}/`;
    let domain = '';
    const changes: [action: string, change: () => Promise<Answer>][] = [
      ['tenant.provision', () => admin.post(`${path}provision/`)],
      ['tenant.update', () => admin.patch(path, { city: 'Nice' })],
      ['tenant.replace', () => admin.put(path, newTenantBody({ subdomain: created.body.subdomain }))],
      [
        'tenant.update_modules',
        () => admin.post(`${path}update_modules/`, { modules_enabled: { announcements: false } }),
      ],
      ['tenant.update_settings', () => admin.patch(`${path}settings/`, { language: 'en' })],
      ['tenant.deactivate', () => admin.post(`${path}deactivate/`, { reason: 'Travaux' })],
      ['tenant.activate', () => admin.post(`${path}activate/`)],
      [
        'domain.add',
        async () => {
          const answer = await admin.post(`${path}add_domain/`, { domain: 'www.audit.fr', vouched: true });
          domain = answer.body.id;
          return answer;
        },
      ],
      ['domain.remove', () => admin.delete(`${path}domains/${domain}/`)],
      ['invitation.create', () => admin.post(`${path}invite_admin/`)],
      ['tenant.archive', () => admin.delete(path)],
      ['tenant.restore', () => admin.post(`${path}restore/`)],
    ];
    for (const [action, change] of changes) {
      const before = (await rowsOf(id)).length;
      const answer = await change();
      expect(answer.status, action).toBeLessThan(300);
      const fresh = (await rowsOf(id)).slice(before);
      const row = fresh.find((candidate) => candidate.action === action);
      expect(row, `${action} among ${fresh.map((candidate) => candidate.action).join()}`).toMatchObject({
        actor_type: 'user',
        actor_label: 'admin@example.org',
        ip: '127.0.0.1',
        request_id: answer.headers['x-request-id'],
      });
      const table =
        action === 'invitation.create'
          ? 'public.invitations'
          : action === 'domain.add'
            ? 'public.domains'
            : 'public.tenants';
      const target = table === 'public.tenants' ? id : (row?.target_id ?? '');
      expect(await xidOf(table, target), action).toBe(row?.xid);
    }
    const update = (await rowsOf(id)).find(({ action }) => action === 'tenant.update');
    expect(update).toMatchObject({ before: { city: 'Paris' }, after: { city: 'Nice' } });
  });

  it('names keys, members and the platform’s own doings', async () => {
    const key = await platformKey(t, ['tenants:create']);
    const { body } = await key.post('/tenants/', newTenantBody());
    expect((await rowsOf(body.id))[0]).toMatchObject({
      action: 'tenant.create',
      actor_type: 'key',
      actor_label: 'test',
    });
    expect((await rowsOf(null)).map(({ action }) => action)).toContain('api_key.create');

    const school = await createSchool(t);
    const author = await teacher(t, school);
    const head = await schoolAdmin(t, school);
    const { body: news } = await author.post('/announcements/', { title: 'a', body: 'b' });
    await author.patch(`/announcements/${news.id}/`, { title: 'c' });
    await head.patch('/current-tenant/theme/', { primary_color: '#123456' });
    await head.delete(`/announcements/${news.id}/`);
    const rows = (await rowsOf(school.id)).filter(({ request_id }) => request_id !== null);
    expect(rows.map(({ action, actor_label }) => [action, actor_label])).toEqual([
      ['announcement.create', author.email],
      ['announcement.update', author.email],
      ['tenant.update', head.email],
      ['announcement.delete', head.email],
    ]);
    expect(rows[1]).toMatchObject({ target_id: news.id, before: { title: 'a' }, after: { title: 'c' } });
  });

  it('cannot be written for another school from a school’s own transaction', async () => {
    const [here, there] = [await createSchool(t), await createSchool(t)];
    const before = (await rowsOf(there.id)).length;
    await t.services.tenancy.write(here.ref, async ({ trx }) => {
      await trx.raw(`SET LOCAL preau.tenant_id = '${there.id}'`);
      await trx.raw(
        `SELECT tenant_api.write_audit('system', null, 'x', 'x.y', 'x', null, null, null, null, null)`,
      );
    });
    expect(await rowsOf(there.id)).toHaveLength(before);
    expect((await rowsOf(here.id)).at(-1)).toMatchObject({ action: 'x.y' });
    await expect(
      t.services.tenancy.central(({ trx }) =>
        trx.raw(
          `SELECT tenant_api.write_audit('system', null, 'x', 'x.y', 'x', null, null, null, null, null)`,
        ),
      ),
    ).rejects.toThrow(/tenant transactions/);
    await expect(
      t.services.tenancy.read(here.ref, ({ trx }) => trx.raw('SELECT * FROM audit.log')),
    ).rejects.toThrow(/permission denied/);
  });

  it('keeps no row of a change that was rolled back', async () => {
    const school = await createSchool(t);
    const before = await rowsOf(school.id);
    // The last statement of the transaction fails: what came before it must go too.
    await t.sql(`ALTER TABLE public.tenants ADD CONSTRAINT no_brest CHECK (city <> 'Brest') NOT VALID`);
    expect((await admin.patch(`/tenants/${school.id}/`, { city: 'Brest' })).status).toBe(500);
    await t.sql('ALTER TABLE public.tenants DROP CONSTRAINT no_brest');
    expect(await rowsOf(school.id)).toEqual(before);
  });
});
