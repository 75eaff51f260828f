import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addUser, createSchool, type School } from '../../../test/support/builders.ts';
import { type Client, schoolAdmin, superadmin, teacher } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem } from '../../../test/support/refusals.ts';

let t: TestApp;
let school: School;
let head: Client;
beforeAll(async () => {
  t = await createTestApp();
  school = await createSchool(t, {
    primary_color: '#1976D2',
    secondary_color: '#424242',
    max_students: 20,
    max_storage_gb: 2,
  });
  head = await schoolAdmin(t, school);
  // The invitation that the school began with.
  await t.sql('UPDATE public.invitations SET revoked_at = now() WHERE tenant_id = $1', [school.id]);
});
afterAll(() => t.close());

const home = async () => (await head.get('/current-tenant/home/')).body;

describe('the home of who looks after a school', () => {
  it('of a new school shows its limits and the first steps', async () => {
    expect(await home()).toEqual({
      storage: { used_bytes: 0, limit_bytes: 2_000_000_000 },
      seats: { used: 0, limit: 20 },
      waiting: { members: 0, support: 0, announcements: 0, reports: 0, invitations: 0 },
      setup: { colours: false, people: false, announcement: false },
    });
  });

  it('tells what is done, and what waits', async () => {
    await head.patch('/current-tenant/theme/', { primary_color: '#7B1FA2' });
    await head.post('/invitations/', { email: 'nouvelle@example.org', role: 'teacher' });
    const asking = await addUser(t);
    await t.sql(
      `INSERT INTO public.memberships (user_id, tenant_id, role, status) VALUES ($1, $2, 'parent', 'pending')`,
      [asking.id, school.id],
    );
    await head.patch('/announcements/settings/', { approval: true });
    const writer = await teacher(t, school);
    const text = { title: 'Sortie', body: 'Jeudi.' };
    expect((await writer.post('/announcements/', { ...text, status: 'published' })).status).toBe(201);
    const { waiting, setup } = await home();
    expect(waiting).toMatchObject({ members: 1, invitations: 1, announcements: 1, reports: 0 });
    expect(setup).toEqual({ colours: true, people: true, announcement: false });
    expect((await head.post('/announcements/', { ...text, status: 'published' })).status).toBe(201);
    expect((await home()).setup.announcement).toBe(true);
  });

  it('says nothing of modules that are off', async () => {
    const root = await superadmin(t);
    await root.post(`/tenants/${school.id}/update_modules/`, {
      modules_enabled: { announcements: false, messaging: false },
    });
    expect(await home()).toMatchObject({
      waiting: { announcements: null, reports: null },
      setup: { announcement: null },
    });
  });

  it('is for administrators alone', async () => {
    const other = await teacher(t, school);
    expectProblem(await other.get('/current-tenant/home/'), { code: 'permission_denied' });
  });
});
