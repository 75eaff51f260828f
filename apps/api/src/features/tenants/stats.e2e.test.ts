import { defaultModules } from '@preau/contracts/module-rules';
import { MODULES } from '@preau/contracts/modules';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMember, createSchool, type School } from '../../../test/support/builders.ts';
import { type Client, schoolAdmin, superadmin, teacher } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';

let t: TestApp;
let admin: Client;
beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
});
afterAll(() => t.close());

async function statements(ask: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const counted = (): void => void (count += 1);
  t.database.knex.on('query', counted);
  await ask();
  t.database.knex.removeListener('query', counted);
  return count;
}

describe('figures of a school', () => {
  it('are those of an empty school at first', async () => {
    const school = await createSchool(t, { modules_enabled: { announcements: false }, max_storage_gb: 3 });
    const { status, body } = await admin.get(`/tenants/${school.id}/stats/`);
    expect(status).toBe(200);
    const on: Record<string, boolean> = { ...defaultModules(MODULES, 'lycee'), announcements: false };
    const tables = await t.sql<{ table: string }>(
      'SELECT tablename AS "table" FROM pg_tables WHERE schemaname = $1 ORDER BY tablename COLLATE "C"',
      [school.schemaName],
    );
    expect(body).toMatchObject({
      tenant_id: school.id,
      tenant_name: 'Lycée Victor Hugo',
      domain_url: `http://${school.host}:3000`,
      is_active: true,
      total_users: 0,
      student_count: 0,
      teacher_count: 0,
      parent_count: 0,
      admin_count: 0,
      storage_used_gb: 0,
      storage_used_bytes: 0,
      storage_limit_gb: 3,
      storage_percentage: 0,
      storage_reserved_bytes: 0,
      storage_warning: 0,
      last_accessed: null,
      days_since_last_access: null,
      active_modules: Object.keys(on).filter((name) => on[name]),
      inactive_modules: Object.keys(on).filter((name) => !on[name]),
      tables: tables.map(({ table }) => ({ table, rows: 0 })),
    });
    expect(body.history).toMatchObject([{ students: 0, storage_bytes: 0, active_users: 0 }]);
    expect(body.history[0].date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(body.tables[0].bytes).toBeGreaterThan(0);
  });

  it('count people by role, and those who came today', async () => {
    const school = await createSchool(t);
    for (const role of ['student', 'student', 'student', 'parent', 'staff'] as const)
      await addMember(t, school, role);
    const there = await teacher(t, school);
    await schoolAdmin(t, school);
    await there.get('/current-tenant/info/');
    await t.services.lastAccess.flush();
    const { body } = await admin.get(`/tenants/${school.id}/stats/`);
    expect(body).toMatchObject({
      total_users: 7,
      student_count: 3,
      teacher_count: 1,
      parent_count: 1,
      admin_count: 1,
      days_since_last_access: 0,
    });
    expect(Date.parse(body.last_accessed)).toBeGreaterThan(Date.now() - 60_000);
    expect(body.history.at(-1)).toMatchObject({ students: 3, active_users: 2 });
    const { body: shown } = await admin.get(`/tenants/${school.id}/`);
    expect(shown).toMatchObject({ student_count: 3, last_accessed_at: body.last_accessed });
  });

  it('fill the days without a change with the last before them', async () => {
    const school = await createSchool(t);
    await t.sql(`UPDATE public.tenants SET created_on = now() - interval '5 days' WHERE id = $1`, [
      school.id,
    ]);
    await t.sql('DELETE FROM public.tenant_daily_stats WHERE tenant_id = $1', [school.id]);
    await t.sql(
      `INSERT INTO public.tenant_daily_stats (tenant_id, day, students, storage_bytes, active_users)
       VALUES ($1, current_date - 4, 10, 4096, 7), ($1, current_date - 1, 12, 8192, 9)`,
      [school.id],
    );
    const { body } = await admin.get(`/tenants/${school.id}/stats/`);
    expect(
      body.history.map(({ students, storage_bytes, active_users }: Record<string, number>) => [
        students,
        storage_bytes,
        active_users,
      ]),
    ).toEqual([
      [0, 0, 0],
      [10, 4096, 7],
      [10, 4096, 0],
      [10, 4096, 0],
      [12, 8192, 9],
      [12, 8192, 0],
    ]);
  });

  it('cost the same statements whatever the size of the school, and read none of its tables', async () => {
    const small = await createSchool(t);
    const large = await createSchool(t);
    await fill(large);
    const ask = (school: School) => admin.get(`/tenants/${school.id}/stats/`);
    await ask(small);
    const few = await statements(() => ask(small));
    expect(await statements(() => ask(large))).toBe(few);
    const scans = () =>
      t.sql(
        `SELECT seq_scan, coalesce(idx_scan, 0) AS idx_scan FROM pg_stat_all_tables WHERE schemaname = $1`,
        [large.schemaName],
      );
    const before = await scans();
    await ask(large);
    expect(await scans()).toEqual(before);
  });

  it('are there for a school that has no schema yet', async () => {
    const school = await createSchool(t, { provisioned: false });
    expect((await admin.get(`/tenants/${school.id}/stats/`)).body).toMatchObject({
      is_active: false,
      tables: [],
    });
  });
});

async function fill(school: School): Promise<void> {
  await t.sql(
    `INSERT INTO ${school.schemaName}.announcements (id, title, body, author_name)
     SELECT gen_random_uuid(), 'n', 'b', 'a' FROM generate_series(1, 2000)`,
  );
  await t.sql(
    `UPDATE public.tenant_usage SET total_users = 2000, student_count = 1900 WHERE tenant_id = $1`,
    [school.id],
  );
}
