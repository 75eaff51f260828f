import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loggedIn } from '../../../test/support/account-samples.ts';
import { addMember, createSchool, PASSWORD, type School } from '../../../test/support/builders.ts';
import { type Client, createClient, superadmin, visitor } from '../../../test/support/clients.ts';
import { createTestApp, platformDatabase, type TestApp } from '../../../test/support/harness.ts';
import { lastMailTo, secretOf } from '../../../test/support/mailbox.ts';
import { expectProblem } from '../../../test/support/refusals.ts';

const LIMIT = 1_000;
const NEXT = 'huit loutres dans la rivière';

let one: TestApp;
let two: TestApp;
let school: School;
beforeAll(async () => {
  const fresh = await platformDatabase();
  [one, two] = [await createTestApp({ fresh }), await createTestApp({ fresh })];
  school = await createSchool(one);
});
afterAll(async () => {
  await one.close();
  await two.close();
  await one.fresh.drop();
});

interface Person {
  userId: string;
  email: string;
  /** The session, in the first process and in the second. */
  here: Client;
  there: Client;
}

/** Somebody whose session both processes have in memory. */
async function known(at = school): Promise<Person> {
  const { id: userId, email } = await addMember(one, at, 'teacher');
  const here = await loggedIn(one, at.host, email);
  const there = createClient(two, at.host, here.headers);
  for (const client of [here, there]) expect((await client.get('/auth/me/')).status).toBe(200);
  return { userId, email, here, there };
}

const CAUSES: Record<string, (person: Person) => Promise<unknown>> = {
  'a log-out': ({ here }) => here.post('/auth/logout/'),
  'a password changed elsewhere': async ({ email }) => {
    const other = await loggedIn(one, school.host, email);
    return other.post('/auth/password/', { current_password: PASSWORD, new_password: NEXT });
  },
  'a password chosen by a link': async ({ email }) => {
    const client = visitor(one, school.host);
    await client.post('/auth/password/reset/', { email });
    const token = secretOf(await lastMailTo(one, email));
    return client.post('/auth/password/reset/confirm/', { token, password: NEXT });
  },
  'an e-mail address confirmed elsewhere': async ({ email, here }) => {
    await here.post('/auth/email/', { email: `autre.${email}`, current_password: PASSWORD });
    const token = secretOf(await lastMailTo(one, `autre.${email}`));
    return visitor(one, school.host).post('/auth/email/confirm/', { token });
  },
  'the person’s own word from another browser': async ({ email }) =>
    (await loggedIn(one, school.host, email)).post('/auth/sessions/end_others/'),
  'a removal from the school': ({ userId }) =>
    one.services.tenancy.central(async (scope) => {
      await scope.trx.raw('DELETE FROM public.memberships WHERE user_id = ?', [userId]);
      await one.services.sessions.endOf(scope, { userId, tenantId: school.id });
    }),
  'a new role': ({ userId }) =>
    one.services.tenancy.central(async (scope) => {
      await scope.trx.raw("UPDATE public.memberships SET role = 'staff' WHERE user_id = ?", [userId]);
      await one.services.sessions.endOf(scope, { userId, tenantId: school.id });
    }),
};

describe('a session ends in every process within a second of', () => {
  it.each(Object.entries(CAUSES))('%s', async (_cause, bring) => {
    const person = await known();
    const [session] = await one.sql<{ id: string }>(
      'SELECT id FROM public.sessions WHERE user_id = $1 ORDER BY created_at LIMIT 1',
      [person.userId],
    );
    const heard = two.hears('session', session?.id ?? '').then(() => performance.now());
    await bring(person);
    const done = performance.now();
    expect((await heard) - done).toBeLessThan(LIMIT);
    expectProblem(await person.there.get('/auth/me/'), { code: 'not_authenticated' });
    expectProblem(await person.here.get('/auth/me/'), { code: 'not_authenticated' });
  });

  it('the school’s suspension, and does not come back with the school', async () => {
    const closing = await createSchool(one);
    const { there } = await known(closing);
    const admin = await superadmin(one);
    const heard = two.hears('tenant', closing.id).then(() => performance.now());
    await admin.post(`/tenants/${closing.id}/deactivate/`, { reason: 'travaux' });
    const done = performance.now();
    expect((await heard) - done).toBeLessThan(LIMIT);
    expectProblem(await there.get('/auth/me/'), { code: 'tenant_inactive' });
    const again = two.hears('tenant', closing.id);
    await admin.post(`/tenants/${closing.id}/activate/`);
    await again;
    expectProblem(await there.get('/auth/me/'), { code: 'not_authenticated' });
  });
});

describe('a session kept in memory', () => {
  it('of one school is refused at another, and each attempt stays in the trail', async () => {
    const other = await createSchool(one);
    const { here, userId } = await known();
    expectProblem(await here.at(other.host).get('/auth/me/'), { code: 'wrong_host' });
    expectProblem(await here.at(one.consoleHost).get('/tenants/'), { code: 'wrong_host' });
    const rows = await one.sql(
      "SELECT tenant_id FROM public.audit_log WHERE action = 'session.wrong_host' AND actor_id = $1 ORDER BY seq",
      [userId],
    );
    expect(rows).toEqual([{ tenant_id: other.id }, { tenant_id: null }]);
  });
});
