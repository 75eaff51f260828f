import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loggedIn } from '../../../test/support/account-samples.ts';
import { logInAt } from '../../../test/support/addresses.ts';
import { addMember, addUser, createSchool, PASSWORD, type School } from '../../../test/support/builders.ts';
import { visitor } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { lastMailTo, mailsTo, secretOf } from '../../../test/support/mailbox.ts';
import { expectProblem } from '../../../test/support/refusals.ts';

let t: TestApp;
let school: School;
beforeAll(async () => {
  t = await createTestApp();
  school = await createSchool(t);
});
afterAll(() => t.close());

let counter = 0;
const newAddress = () => `nouvelle-${(counter += 1)}@example.org`;
async function wished(email = newAddress()) {
  const person = await addMember(t, school, 'teacher');
  const session = await loggedIn(t, school.host, person.email);
  const answer = await session.post('/auth/email/', { email, current_password: PASSWORD });
  expect(answer.status).toBe(204);
  return { person, session, email, token: secretOf(await lastMailTo(t, email)) };
}
const confirm = (token: string, client = visitor(t, school.host)) =>
  client.post('/auth/email/confirm/', { token });

describe('changing one’s e-mail address', () => {
  it('wants the password, and changes nothing before the new address has answered', async () => {
    const person = await addMember(t, school, 'teacher');
    const session = await loggedIn(t, school.host, person.email);
    const wrong = await session.post('/auth/email/', { email: newAddress(), current_password: 'faux' });
    expectProblem(wrong, { code: 'invalid_input', errors: { current_password: 'wrong_password' } });
    const { body } = await session.get('/auth/me/');
    await session.post('/auth/email/', { email: newAddress(), current_password: PASSWORD });
    expect((await session.get('/auth/me/')).body.email).toBe(body.email);
  });

  it('confirmed in the same browser keeps its session, ends the others and tells the old address', async () => {
    const { person, session, email, token } = await wished();
    const other = await loggedIn(t, school.host, person.email);
    expect((await other.get('/auth/me/')).status).toBe(200);
    expect((await confirm(token, session)).body).toEqual({ email });
    expect((await session.get('/auth/me/')).body.email).toBe(email);
    expectProblem(await other.get('/auth/me/'), { code: 'not_authenticated' });
    const told = await lastMailTo(t, person.email);
    expect(told.kind).toBe('identity.email_changed');
    expect(told.text).toContain(email);
    expectProblem(await logInAt(t, school.host, person.email, PASSWORD), { code: 'invalid_credentials' });
    expect((await logInAt(t, school.host, email, PASSWORD)).status).toBe(200);
    const [row] = await t.sql(
      `SELECT before->>'email' AS before, after->>'email' AS after FROM public.audit_log
       WHERE action = 'user.change_email' AND target_id = $1`,
      [person.id],
    );
    expect(row).toEqual({ before: person.email, after: email });
  });

  it('confirmed elsewhere, by nobody or somebody else, ends them all', async () => {
    const first = await wished();
    expect((await confirm(first.token)).status).toBe(200);
    expectProblem(await first.session.get('/auth/me/'), { code: 'not_authenticated' });
    const second = await wished();
    const stranger = await loggedIn(t, school.host, (await addMember(t, school, 'staff')).email);
    expect((await confirm(second.token, stranger)).status).toBe(200);
    expectProblem(await second.session.get('/auth/me/'), { code: 'not_authenticated' });
    expect((await stranger.get('/auth/me/')).status).toBe(200);
  });

  it('takes a link once and in its time; a newer wish replaces it', async () => {
    const { token } = await wished();
    const both = await Promise.all([confirm(token), confirm(token)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expectProblem(await confirm(token), { code: 'link_used' });

    const late = await wished();
    await t.sql(
      "UPDATE public.email_changes SET expires_at = now() - interval '1 second' WHERE used_at IS NULL",
    );
    expectProblem(await confirm(late.token), { code: 'link_expired' });

    const early = await wished();
    await early.session.post('/auth/email/', { email: newAddress(), current_password: PASSWORD });
    expectProblem(await confirm(early.token), { code: 'link_unknown' });
  });

  it('to the address of an account answers alike, sends nothing, and loses the race for one', async () => {
    const { email: taken } = await addUser(t);
    const person = await addMember(t, school, 'teacher');
    const session = await loggedIn(t, school.host, person.email);
    const asked = await session.post('/auth/email/', { email: taken, current_password: PASSWORD });
    expect([asked.status, asked.text]).toEqual([204, '']);
    expect(await mailsTo(t, taken)).toEqual([]);

    const { token, email } = await wished();
    await addUser(t, email);
    expectProblem(await confirm(token), { code: 'email_taken' });
  });

  it('leaves no way back to who reads the old mailbox', async () => {
    const { person, session, token } = await wished();
    await visitor(t, school.host).post('/auth/password/reset/', { email: person.email });
    const reset = secretOf(await lastMailTo(t, person.email));
    expect((await confirm(token, session)).status).toBe(200);
    const answer = visitor(t, school.host).post('/auth/password/reset/confirm/', {
      token: reset,
      password: 'un mot de passe tout neuf',
    });
    expectProblem(await answer, { code: 'link_used' });
  });
});

describe('one’s name', () => {
  it('changes for every session of the person', async () => {
    const { email, id } = await addMember(t, school, 'teacher');
    const [here, there] = [await loggedIn(t, school.host, email), await loggedIn(t, school.host, email)];
    await there.get('/auth/me/');
    expect((await here.patch('/auth/me/', { full_name: ' Ada King ' })).body.full_name).toBe('Ada King');
    expect((await there.get('/auth/me/')).body.full_name).toBe('Ada King');
    const trail = await t.sql(
      "SELECT 1 FROM public.audit_log WHERE action = 'user.update' AND target_id = $1",
      [id],
    );
    expect(trail).toHaveLength(1);
  });
});
