import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loggedIn } from '../../../test/support/account-samples.ts';
import { cookiesOf, freshAddress, logInAt, postFrom } from '../../../test/support/addresses.ts';
import { addMember, addUser, createSchool, PASSWORD, type School } from '../../../test/support/builders.ts';
import { visitor } from '../../../test/support/clients.ts';
import { createTestApp, SUPERADMIN, type TestApp } from '../../../test/support/harness.ts';
import { lastMailTo, mailsTo, secretOf } from '../../../test/support/mailbox.ts';
import { expectProblem } from '../../../test/support/refusals.ts';
import { workOf } from '../../../test/support/same-work.ts';

let t: TestApp;
let school: School;
beforeAll(async () => {
  t = await createTestApp();
  school = await createSchool(t);
});
afterAll(() => t.close());

const NEXT = 'huit loutres dans la rivière';
const askReset = (email: string, host = school.host) =>
  postFrom(t, freshAddress(), host, '/auth/password/reset/', { email });
async function linkFor(email: string, host = school.host): Promise<string> {
  expect((await askReset(email, host)).status).toBe(204);
  return secretOf(await lastMailTo(t, email));
}
const choose = (token: string, password = NEXT, host = school.host) =>
  visitor(t, host).post('/auth/password/reset/confirm/', { token, password });

describe('a forgotten password', () => {
  it('is chosen anew by a link, which ends every session of the person', async () => {
    const { email, id } = await addMember(t, school, 'teacher');
    const session = await loggedIn(t, school.host, email);
    const token = await linkFor(email);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect((await lastMailTo(t, email)).text).toContain(`http://${school.host}:3000/reset-password#${token}`);
    const short = await choose(token, 'court');
    expectProblem(short, { code: 'invalid_input', errors: { password: 'min_length' } });
    expect((await choose(token)).status).toBe(204);
    expectProblem(await session.get('/auth/me/'), { code: 'not_authenticated' });
    expectProblem(await logInAt(t, school.host, email, PASSWORD), { code: 'invalid_credentials' });
    expect((await logInAt(t, school.host, email, NEXT)).status).toBe(200);
    expect((await mailsTo(t, email)).map(({ kind }) => kind)).toEqual([
      'identity.reset_password',
      'identity.password_changed',
    ]);
    const trail = await t.sql(
      "SELECT action FROM public.audit_log WHERE target_id = $1 AND action = 'user.reset_password'",
      [id],
    );
    expect(trail).toHaveLength(1);
  });

  it('takes a link once, in its time, where it was asked for', async () => {
    const { email } = await addMember(t, school, 'teacher');
    const elsewhere = await createSchool(t);
    const token = await linkFor(email);
    expectProblem(await choose(token, NEXT, elsewhere.host), { code: 'link_unknown' });
    expectProblem(await choose(token, NEXT, t.consoleHost), { code: 'link_unknown' });
    expect((await choose(token)).status).toBe(204);
    expectProblem(await choose(token, PASSWORD), { code: 'link_used' });
    expectProblem(await choose('a'.repeat(43)), { code: 'link_unknown' });

    const late = await linkFor(email);
    await t.sql(
      "UPDATE public.password_resets SET expires_at = now() - interval '1 second' WHERE used_at IS NULL",
    );
    expectProblem(await choose(late, PASSWORD), { code: 'link_expired' });
    expect((await logInAt(t, school.host, email, NEXT)).status).toBe(200);
  });

  it('by two links at once is chosen by one of them, and the other is void', async () => {
    const { email } = await addMember(t, school, 'teacher');
    const links = [await linkFor(email), await linkFor(email)] as const;
    const answers = await Promise.all([choose(links[0], `${NEXT} 1`), choose(links[1], `${NEXT} 2`)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409]);
    const won = answers[0].status === 204 ? 1 : 2;
    expect((await logInAt(t, school.host, email, `${NEXT} ${won}`)).status).toBe(200);
  });

  it('is given to members where they are members, and on the console to super-admins', async () => {
    const { email } = await addUser(t);
    const { email: teacher } = await addMember(t, school, 'teacher');
    for (const [address, host] of [
      [email, school.host],
      [teacher, t.consoleHost],
      [SUPERADMIN.email, school.host],
      ['personne@nulle-part.example', school.host],
    ] as const) {
      expect((await askReset(address, host)).status).toBe(204);
      expect(await mailsTo(t, address)).toEqual([]);
    }
    const token = await linkFor(SUPERADMIN.email, t.consoleHost);
    expect((await choose(token, SUPERADMIN.password, t.consoleHost)).status).toBe(204);
  });

  it('is asked for with the same answer and the same work for every address', async () => {
    const { email } = await addMember(t, school, 'teacher');
    await askReset('un@nulle-part.example');
    const work = [];
    for (const address of ['deux@nulle-part.example', email, SUPERADMIN.email])
      work.push(
        await workOf(async () => {
          const { status, text } = await askReset(address);
          expect([status, text]).toEqual([204, '']);
        }),
      );
    expect(work[0]?.length).toBeGreaterThan(3);
    expect(work[1]).toEqual(work[0]);
    expect(work[2]).toEqual(work[0]);
  });

  it('fills nobody’s mailbox: five an hour, whoever asks', async () => {
    const { email } = await addMember(t, school, 'teacher');
    for (let number = 0; number < 7; number += 1) expect((await askReset(email)).status).toBe(204);
    expect(await mailsTo(t, email)).toHaveLength(5);
    // The last of them opens as well as a sixth would.
    expect((await choose(secretOf(await lastMailTo(t, email)))).status).toBe(204);
  });
});

describe('logging in', () => {
  it('works alike for an unknown address, a stranger to the school and a wrong password', async () => {
    const { email } = await addMember(t, school, 'teacher');
    const { email: stranger } = await addUser(t);
    await logInAt(t, school.host, 'un@nulle-part.example', PASSWORD);
    const work = [];
    for (const [address, password] of [
      ['deux@nulle-part.example', PASSWORD],
      [email, 'faux'],
      [stranger, PASSWORD],
      [stranger, 'faux'],
    ] as const)
      work.push(
        await workOf(async () => {
          expectProblem(await logInAt(t, school.host, address, password), { code: 'invalid_credentials' });
        }),
      );
    expect(work[0]?.length).toBeGreaterThan(3);
    for (const other of work.slice(1)) expect(other).toEqual(work[0]);
  });
});

describe('changing one’s password', () => {
  const change = (session: { post: ReturnType<typeof visitor>['post'] }, old: string, next = NEXT) =>
    session.post('/auth/password/', { current_password: old, new_password: next });

  it('wants the one that holds, keeps this session and ends the others', async () => {
    const { email, id } = await addMember(t, school, 'teacher');
    const [here, there] = [await loggedIn(t, school.host, email), await loggedIn(t, school.host, email)];
    expectProblem(await change(here, 'faux'), {
      code: 'invalid_input',
      errors: { current_password: 'wrong_password' },
    });
    expectProblem(await change(here, PASSWORD, 'court'), {
      code: 'invalid_input',
      errors: { new_password: 'min_length' },
    });
    expect((await there.get('/auth/me/')).status).toBe(200);
    expect((await change(here, PASSWORD)).status).toBe(204);
    expect((await here.get('/auth/me/')).status).toBe(200);
    expectProblem(await there.get('/auth/me/'), { code: 'not_authenticated' });
    expect((await lastMailTo(t, email)).kind).toBe('identity.password_changed');
    const trail = await t.sql<{ action: string }>(
      "SELECT action FROM public.audit_log WHERE target_id = $1 AND action LIKE 'user.%' ORDER BY seq",
      [id],
    );
    expect(trail.map(({ action }) => action)).toEqual(['user.refuse_password', 'user.change_password']);
  });

  it('from two browsers at once holds for one: the other proved a password that was gone', async () => {
    const { email } = await addMember(t, school, 'teacher');
    const sessions = [await loggedIn(t, school.host, email), await loggedIn(t, school.host, email)];
    const answers = await Promise.all(
      sessions.map((session, at) => change(session, PASSWORD, `${NEXT} ${at}`)),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect((await logInAt(t, school.host, email, `${NEXT} ${statuses.indexOf(204)}`)).status).toBe(200);
  });

  it('voids the links that were asked for before', async () => {
    const { email } = await addMember(t, school, 'teacher');
    const token = await linkFor(email);
    const session = await loggedIn(t, school.host, email);
    await session.post('/auth/email/', { email: `nouvelle.${email}`, current_password: PASSWORD });
    const wish = secretOf(await lastMailTo(t, `nouvelle.${email}`));
    expect((await change(session, PASSWORD)).status).toBe(204);
    expectProblem(await choose(token), { code: 'link_used' });
    expectProblem(await visitor(t, school.host).post('/auth/email/confirm/', { token: wish }), {
      code: 'link_used',
    });
  });

  it('is for who is logged in', async () => {
    expectProblem(await change(visitor(t, school.host), PASSWORD), { code: 'not_authenticated' });
  });
});

describe('a session', () => {
  it('never takes a token that the browser brought along', async () => {
    const { email } = await addMember(t, school, 'teacher');
    const planted = 'A'.repeat(43);
    const answer = await logInAt(t, school.host, email, PASSWORD, { cookie: `preau_session=${planted}` });
    expect(answer.status).toBe(200);
    expect(cookiesOf(answer)).toMatch(/preau_session=[\w-]{43}/);
    expect(cookiesOf(answer)).not.toContain(planted);
    const withPlanted = visitor(t, school.host).get('/auth/me/', {
      headers: { cookie: `preau_session=${planted}` },
    });
    expectProblem(await withPlanted, { code: 'not_authenticated' });
  });
});
