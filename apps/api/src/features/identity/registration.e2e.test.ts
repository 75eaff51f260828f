import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openToRegistration } from '../../../test/support/account-samples.ts';
import { logInAt } from '../../../test/support/addresses.ts';
import { addMember, addUser, createSchool, PASSWORD, type School } from '../../../test/support/builders.ts';
import { superadmin, visitor } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { codeOf, lastMailTo, mailsTo, secretOf } from '../../../test/support/mailbox.ts';
import { expectProblem } from '../../../test/support/refusals.ts';
import { workOf } from '../../../test/support/same-work.ts';
import { activateMembership, findUserByEmail } from './index.ts';

let t: TestApp;
let school: School;
beforeAll(async () => {
  t = await createTestApp();
  school = await createSchool(t);
  await openToRegistration(t, school);
});
afterAll(() => t.close());

let counter = 0;
const newAddress = () => `famille-${(counter += 1)}@example.org`;
const ask = (email: string, at = school) =>
  visitor(t, at.host).post('/auth/register/', { email, full_name: 'Ada Lovelace', role: 'parent' });

/** Asks, and reads the mail. */
async function asked(email = newAddress()) {
  const { body } = await ask(email);
  const mail = await lastMailTo(t, email);
  const [id, token = ''] = secretOf(mail).split('.');
  expect(id).toBe(body.registration_id);
  return { email, id: body.registration_id as string, token, code: codeOf(mail) };
}
const verify = (id: string, code: string, more: object = {}, at = school) =>
  visitor(t, at.host).post('/auth/register/verify/', { registration_id: id, code, ...more });
const NEW = { password: 'sept chats sur un toit' };
const membershipOf = async (email: string) =>
  (
    await t.sql(
      `SELECT m.role, m.status FROM public.memberships m JOIN public.users u ON u.id = m.user_id
       WHERE u.email = $1 AND m.tenant_id = $2`,
      [email, school.id],
    )
  )[0];

describe('registration at a school', () => {
  it('is refused unless the school takes requests', async () => {
    const other = await createSchool(t);
    expectProblem(await ask(newAddress(), other), { code: 'registration_closed' });
    expect((await visitor(t, other.host).get('/auth/options/')).body).toEqual({
      registration: 'invitation',
      password_min_length: 12,
    });
    const admin = await superadmin(t);
    const closed = await admin.patch(`/tenants/${other.id}/settings/`, { registration: 'closed' });
    expect(closed.body.registration).toBe('closed');
    expectProblem(await ask(newAddress(), other), { code: 'registration_closed' });
    expect((await visitor(t, school.host).get('/auth/options/')).body.registration).toBe('approval');
  });

  it('ends in an account that waits for the school, and enters once it is admitted', async () => {
    const { email, id, token } = await asked();
    const opened = await visitor(t, school.host).post('/auth/register/open/', {
      registration_id: id,
      code: token,
    });
    expect(opened.body).toMatchObject({ email, role: 'parent', account_exists: false });
    const short = await verify(id, token, { password: 'court' });
    expectProblem(short, { code: 'invalid_input', errors: { password: 'min_length' } });
    expect((await verify(id, token, NEW)).body).toEqual({ status: 'pending' });
    expect(await membershipOf(email)).toEqual({ role: 'parent', status: 'pending' });
    expectProblem(await logInAt(t, school.host, email, NEW.password), { code: 'membership_pending' });
    // Only who has the password learns that somebody waits.
    expectProblem(await logInAt(t, school.host, email, 'un autre'), { code: 'invalid_credentials' });

    await t.services.tenancy.central(async ({ trx }) => {
      const user = await findUserByEmail(trx, email);
      expect(await activateMembership(trx, user?.id ?? '', school.id, 'parent')).toBe(true);
    });
    expect((await logInAt(t, school.host, email, NEW.password)).body).toMatchObject({
      email,
      role: 'parent',
    });
    const trail = await t.sql<{ action: string }>(
      "SELECT action FROM public.audit_log WHERE tenant_id = $1 AND action LIKE 'registration.%' ORDER BY seq",
      [school.id],
    );
    expect(trail.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['registration.ask', 'registration.verify']),
    );
  });

  it('takes the six digits as well as the link', async () => {
    const { id, code, email } = await asked();
    expect(code).toMatch(/^\d{6}$/);
    expect((await verify(id, code, { ...NEW, full_name: 'Ada King' })).status).toBe(200);
    expect(await t.sql('SELECT full_name FROM public.users WHERE email = $1', [email])).toEqual([
      { full_name: 'Ada King' },
    ]);
  });

  it('of somebody with an account asks for no password and leaves theirs alone', async () => {
    const { email } = await addUser(t);
    const { id, token } = await asked(email);
    expect((await verify(id, token)).body).toEqual({ status: 'pending' });
    expectProblem(await logInAt(t, school.host, email, PASSWORD), { code: 'membership_pending' });
  });

  it('tells members by mail that they are in already, and gives them nothing to prove', async () => {
    const { email } = await addMember(t, school, 'parent');
    await ask(email);
    const mail = await lastMailTo(t, email);
    expect(mail.text).toContain('/login');
    expect(secretOf(mail)).toBe('');
    expect(codeOf(mail)).toBe('');
  });

  it('answers and works alike for every address', async () => {
    const stranger = newAddress();
    const known = (await addUser(t)).email;
    const { email: here } = await addMember(t, school, 'parent');
    await ask(newAddress());
    const answers: unknown[] = [];
    const work: string[][] = [];
    for (const email of [stranger, known, here]) {
      work.push(
        await workOf(async () => {
          const { status, body, headers } = await ask(email);
          answers.push([status, Object.keys(body), Object.keys(headers).toSorted()]);
        }),
      );
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(work[0]?.length).toBeGreaterThan(3);
    expect(work[1]).toEqual(work[0]);
    expect(work[2]).toEqual(work[0]);
  });

  it('is proved once, in its time, at its school', async () => {
    const { id, token } = await asked();
    const elsewhere = await createSchool(t);
    await openToRegistration(t, elsewhere);
    expectProblem(await verify(id, token, NEW, elsewhere), { code: 'link_unknown' });
    const both = await Promise.all([verify(id, token, NEW), verify(id, token, NEW)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expectProblem(await verify(id, token, NEW), { code: 'link_used' });

    const late = await asked();
    await t.sql("UPDATE public.registrations SET expires_at = now() - interval '1 second' WHERE id = $1", [
      late.id,
    ]);
    expectProblem(await verify(late.id, late.token, NEW), { code: 'link_expired' });
    expectProblem(await verify(late.id, late.code, NEW), { code: 'link_expired' });
  });

  it('closed meanwhile is refused', async () => {
    const { id, token } = await asked();
    const admin = await superadmin(t);
    await admin.patch(`/tenants/${school.id}/settings/`, { registration: 'invitation' });
    expectProblem(await verify(id, token, NEW), { code: 'registration_closed' });
    await openToRegistration(t, school);
    expect((await verify(id, token, NEW)).status).toBe(200);
  });

  it('bears five wrong codes for an address, however often it is asked for; the link goes on working', async () => {
    const email = newAddress();
    const first = await asked(email);
    const second = await asked(email);
    const wrong = (code: string) => (code === '000000' ? '000001' : '000000');
    const left: number[] = [];
    for (const { id, code } of [first, second, first, second, first, second]) {
      const answer = await verify(id, wrong(code), NEW);
      expectProblem(answer, { code: 'wrong_code' });
      left.push(Number(/\d+/.exec(answer.body.detail)?.[0] ?? -1));
    }
    expect(left.slice(0, 4)).toEqual([4, 3, 2, 1]);
    expectProblem(await verify(second.id, second.code, NEW), { code: 'wrong_code' });
    const third = await asked(email);
    expectProblem(await verify(third.id, third.code, NEW), { code: 'wrong_code' });
    expect((await verify(first.id, first.token, NEW)).status).toBe(200);
    expectProblem(await verify(third.id, third.token, NEW), { code: 'link_used' });
  });

  it('makes one account of two schools proved at once', async () => {
    const email = newAddress();
    const elsewhere = await createSchool(t);
    await openToRegistration(t, elsewhere);
    const here = await asked(email);
    const { body } = await ask(email, elsewhere);
    const [, token = ''] = secretOf((await mailsTo(t, email)).at(-1) as never).split('.');
    const answers = await Promise.all([
      verify(here.id, here.token, NEW),
      verify(body.registration_id, token, NEW, elsewhere),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await t.sql('SELECT 1 FROM public.users WHERE email = $1', [email])).toHaveLength(1);
  });

  it('keeps secrets as hashes only', async () => {
    const { id, token, code } = await asked();
    const [row] = await t.sql('SELECT r::text AS all FROM public.registrations r WHERE id = $1', [id]);
    expect(row?.['all']).not.toContain(token);
    expect(row?.['all']).not.toContain(code);
  });
});
