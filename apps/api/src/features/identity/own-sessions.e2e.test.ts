import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loggedIn } from '../../../test/support/account-samples.ts';
import { addMember, createSchool, type School } from '../../../test/support/builders.ts';
import { member, superadmin } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem } from '../../../test/support/refusals.ts';

let t: TestApp;
let school: School;
beforeAll(async () => {
  t = await createTestApp();
  school = await createSchool(t);
});
afterAll(() => t.close());

interface Listed {
  id: string;
  current: boolean;
  school: { name: string } | null;
}

describe('one’s sessions', () => {
  it('are listed from every school, this one marked, without anything that opens them', async () => {
    const { email, ...user } = await addMember(t, school, 'teacher');
    const elsewhere = await createSchool(t, { school_name: 'Collège Jean Moulin' });
    await addMember(t, elsewhere, 'parent', { email, ...user } as never);
    const here = await loggedIn(t, school.host, email);
    await loggedIn(t, elsewhere.host, email);
    const { body } = await here.get('/auth/sessions/');
    expect(body.count).toBe(2);
    const results = body.results as Listed[];
    expect(results.map((row) => `${row.school?.name}${row.current ? ', here' : ''}`).toSorted()).toEqual([
      'Collège Jean Moulin',
      'Lycée Victor Hugo, here',
    ]);
    expect(Object.keys(results[0] ?? {}).toSorted()).toEqual(
      ['created_at', 'current', 'expires_at', 'id', 'ip', 'last_seen_at', 'school', 'user_agent'].toSorted(),
    );
  });

  it('end one by one or all but this one, and nobody else’s', async () => {
    const { email } = await addMember(t, school, 'teacher');
    const here = await loggedIn(t, school.host, email);
    const others = [];
    for (let number = 0; number < 3; number += 1) others.push(await loggedIn(t, school.host, email));
    for (const other of others) expect((await other.get('/auth/me/')).status).toBe(200);
    const idOf = async (client: typeof here) =>
      ((await client.get('/auth/sessions/')).body.results as Listed[]).find(({ current }) => current)?.id ??
      '';
    const first = await idOf(others[0] as typeof here);

    const stranger = await member(t, school, 'teacher');
    expectProblem(await stranger.delete(`/auth/sessions/${first}/`), { code: 'not_found' });
    expect((await others[0]?.get('/auth/me/'))?.status).toBe(200);

    expect((await here.delete(`/auth/sessions/${first}/`)).status).toBe(204);
    expectProblem((await others[0]?.get('/auth/me/')) as never, { code: 'not_authenticated' });
    expectProblem(await here.delete(`/auth/sessions/${first}/`), { code: 'not_found' });
    expect((await here.post('/auth/sessions/end_others/')).body).toEqual({ ended: 2 });
    for (const other of others) expectProblem(await other.get('/auth/me/'), { code: 'not_authenticated' });
    expect((await here.get('/auth/me/')).status).toBe(200);
    expect((await stranger.get('/auth/me/')).status).toBe(200);

    const own = await here.delete(`/auth/sessions/${await idOf(here)}/`);
    expect(own.status).toBe(204);
    expect(own.cookies[0]).toMatch(/^preau_session=;.*Max-Age=0/);
  });

  it('last as long as the school says, for idle ones too once it says less', async () => {
    const other = await createSchool(t);
    const { email } = await addMember(t, other, 'teacher');
    const [used, idle] = [await loggedIn(t, other.host, email), await loggedIn(t, other.host, email)];
    const lasting = async (client: typeof used) =>
      Date.parse((await client.get('/auth/me/')).body.session_expires_at) - Date.now();
    expect(Math.round((await lasting(used)) / 60_000)).toBe(60);
    await idle.get('/auth/me/');
    // Six minutes without a request.
    await t.sql(
      "UPDATE public.sessions SET last_seen_at = now() - interval '6 minutes' WHERE tenant_id = $1",
      [other.id],
    );
    expect((await idle.get('/auth/me/')).status).toBe(200);
    const heard = t.hears('tenant', other.id);
    const admin = await superadmin(t);
    await admin.patch(`/tenants/${other.id}/settings/`, { session_timeout_minutes: 5 });
    await heard;
    expectProblem(await idle.get('/auth/me/'), { code: 'not_authenticated' });
    expectProblem(await used.get('/auth/me/'), { code: 'not_authenticated' });
    const fresh = await loggedIn(t, other.host, email);
    expect(Math.round((await lasting(fresh)) / 60_000)).toBe(5);
    expect((await fresh.get('/auth/sessions/')).body.count).toBe(1);
  });
});
