import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool } from '../../../test/support/builders.ts';
import { type Client, superadmin } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';

let t: TestApp;
let admin: Client;
beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
});
afterAll(() => t.close());

const overview = async () => (await admin.get('/overview/')).body;
const thisMonth = () => new Date().toISOString().slice(0, 7);

describe('the overview', () => {
  it('of an installation without schools is made of noughts, and of twelve months', async () => {
    const body = await overview();
    expect(body.schools).toMatchObject({ total: 0, by_status: { active: 0, archived: 0 } });
    expect(body.growth).toHaveLength(12);
    expect(body.growth.at(-1)).toEqual({ month: thisMonth(), created: 0, total: 0 });
    expect(body.storage).toEqual({ used_bytes: 0, limit_bytes: 0, fullest: [] });
    expect(Object.values(body.alerts)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('counts schools, people and bytes, and names the fullest first', async () => {
    const [full, other, old] = [await createSchool(t), await createSchool(t), await createSchool(t)];
    const limit = 1_000_000_000;
    await t.sql('UPDATE public.tenants SET max_storage_gb = 1');
    const use = (id: string, bytes: number, users: number) =>
      t.sql('UPDATE public.tenant_usage SET storage_bytes = $2, total_users = $3 WHERE tenant_id = $1', [
        id,
        bytes,
        users,
      ]);
    await use(full.id, limit * 0.96, 7);
    await use(other.id, limit * 0.5, 2);
    await use(old.id, limit, 1);
    await t.sql("UPDATE public.tenants SET created_on = now() - interval '3 years' WHERE id = $1", [old.id]);
    await admin.delete(`/tenants/${old.id}/`);
    // 95 of 100 seats.
    await t.sql('UPDATE public.tenants SET max_students = 100');
    await t.sql('UPDATE public.tenant_usage SET student_count = 95 WHERE tenant_id = $1', [other.id]);
    const body = await overview();
    expect(body.schools).toMatchObject({ total: 3, by_status: { active: 2, archived: 1 } });
    expect(body.growth[0].total).toBe(1);
    expect(body.growth.at(-1)).toEqual({ month: thisMonth(), created: 2, total: 3 });
    expect(body.storage).toMatchObject({ used_bytes: limit * 2.46, limit_bytes: limit * 3 });
    // An archived school is nobody's worry.
    expect(body.storage.fullest.map(({ id }: { id: string }) => id)).toEqual([full.id, other.id]);
    expect(body.storage.fullest[0]).toMatchObject({ percentage: 96, limit_bytes: limit });
    expect(body.alerts).toMatchObject({
      seats_nearly_taken: 1,
      storage_nearly_full: 1,
      backups_missing: 2,
      schools_behind: 0,
    });
  });

  it('tells what needs somebody', async () => {
    const school = await createSchool(t);
    await t.sql("UPDATE public.schema_versions SET version = '20200101_000001_old' WHERE schema_name = $1", [
      school.schemaName,
    ]);
    await admin.post(`/tenants/${school.id}/add_domain/`, { domain: 'www.overview.example' });
    await t.sql(
      "UPDATE public.domains SET status = 'failing', failing_since = now() WHERE domain = 'www.overview.example'",
    );
    await t.sql(
      `INSERT INTO public.jobs (id, kind, status, payload, max_attempts, actor_type, actor_label, finished_at)
       VALUES (gen_random_uuid(), 'test', 'failed', '{}', 1, 'system', 'test', now()),
         (gen_random_uuid(), 'test', 'failed', '{}', 1, 'system', 'test', now() - interval '2 days')`,
    );
    await t.sql("UPDATE public.tenants SET status = 'failed' WHERE id = $1", [school.id]);
    expect((await overview()).alerts).toMatchObject({
      schools_behind: 1,
      domains_failing: 1,
      jobs_failed: 1,
      provisioning_failed: 1,
    });
  });

  it('asks the database once, however many schools there are', async () => {
    const asked: string[] = [];
    const listen = ({ sql }: { sql: string }) => asked.push(sql);
    t.database.knex.on('query', listen);
    await overview();
    t.database.knex.removeListener('query', listen);
    expect(asked.filter((sql) => sql.includes('by_status'))).toHaveLength(1);
    expect(asked.filter((sql) => !/^(BEGIN|COMMIT)/.test(sql)).length).toBeLessThanOrEqual(2);
  });
});
