import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { logInAt } from '../../../test/support/addresses.ts';
import { addMember, addUser, createSchool, PASSWORD, type School } from '../../../test/support/builders.ts';
import {
  createClient,
  member,
  schoolAdmin,
  superadmin,
  visitor,
  type Answer,
  type Client,
} from '../../../test/support/clients.ts';
import { preauOn } from '../../../test/support/command.ts';
import { createTestApp, SUPERADMIN, type TestApp } from '../../../test/support/harness.ts';
import { mailsTo } from '../../../test/support/mailbox.ts';
import { expectProblem } from '../../../test/support/refusals.ts';
import { SYSTEM } from '../audit/index.ts';
import { makeInvitation } from '../members/index.ts';
import { codeAt } from './totp.ts';

let t: TestApp;
let school: School;
beforeAll(async () => {
  t = await createTestApp();
  school = await createSchool(t);
});
afterAll(() => t.close());

// Thirty seconds pass at a word; timers and the database keep their own time.
let now = Date.now();
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now });
  return () => {
    now = Date.now() + 90_000;
    vi.useRealTimers();
  };
});
const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);

type Person = Client & { userId: string; email: string };
interface Enrolled {
  secret: string;
  codes: string[];
}

async function enrol(client: Client): Promise<Enrolled> {
  const begun = await client.post('/auth/second_factor/totp/', { current_password: PASSWORD });
  expect(begun.status, begun.text).toBe(201);
  const secret = begun.body.secret as string;
  const done = await client.post('/auth/second_factor/totp/confirm/', { code: codeAt(secret, Date.now()) });
  expect(done.status, done.text).toBe(200);
  later(60);
  return { secret, codes: done.body.recovery_codes };
}

const logIn = (email: string, code?: string, password = PASSWORD): Promise<Answer> =>
  visitor(t, school.host).post('/auth/login/', { email, password, ...(code ? { code } : {}) });
const entered = (answer: Answer): Client => {
  expect(answer.status, answer.text).toBe(200);
  return createClient(t, school.host, { cookie: answer.cookies[0]?.split(';')[0] ?? '' });
};
const actionsOn = async (userId: string) =>
  (await t.sql<{ action: string }>('SELECT action FROM public.audit_log WHERE target_id = $1', [userId])).map(
    ({ action }) => action,
  );

describe('an authenticator application', () => {
  let person: Person;
  beforeEach(async () => {
    person = await schoolAdmin(t, school);
  });

  it('is in force from its first code on: log-in then wants the password and a code', async () => {
    const begun = await person.post('/auth/second_factor/totp/', { current_password: PASSWORD });
    expect(begun.body.uri).toContain(`secret=${begun.body.secret}`);
    expect(begun.body.qr_svg).toContain('<svg');
    // Begun only: nothing has changed for the log-in.
    entered(await logIn(person.email));
    const { secret } = begun.body;
    const wrong = await person.post('/auth/second_factor/totp/confirm/', { code: '000000' });
    expectProblem(wrong, { code: 'invalid_input', errors: { code: 'one_time_code' } });
    const done = await person.post('/auth/second_factor/totp/confirm/', { code: codeAt(secret, Date.now()) });
    expect(done.body.recovery_codes).toHaveLength(10);
    later(60);

    expectProblem(await logIn(person.email), { code: 'second_factor_required' });
    expectProblem(await logIn(person.email, '123456'), { code: 'second_factor_invalid' });
    const client = entered(await logIn(person.email, codeAt(secret, Date.now())));
    expect((await client.get('/auth/me/')).body.email).toBe(person.email);
    expect(await actionsOn(person.userId)).toEqual(
      expect.arrayContaining(['second_factor.begin', 'second_factor.enable', 'second_factor.refuse']),
    );
  });

  it('says nothing of itself to who has not the password', async () => {
    const { secret } = await enrol(person);
    const stranger = await addMember(t, school, 'teacher');
    const wrong = await logIn(person.email, undefined, 'not the password');
    expectProblem(wrong, { code: 'invalid_credentials' });
    const without = await logIn(stranger.email, undefined, 'not the password');
    const { request_id: _a, ...seen } = wrong.body;
    const { request_id: _b, ...other } = without.body;
    expect(seen).toEqual(other);
    // A right code is not spent by a wrong password.
    const code = codeAt(secret, Date.now());
    expectProblem(await logIn(person.email, code, 'not the password'), { code: 'invalid_credentials' });
    entered(await logIn(person.email, code));
  });

  it('asks for the code as often as the right password comes without: that is no failed attempt', async () => {
    const { secret } = await enrol(person);
    // More than an account may fail in an hour, from wherever.
    for (let count = 0; count < 55; count += 1)
      expectProblem(await logInAt(t, school.host, person.email, PASSWORD), {
        code: 'second_factor_required',
      });
    entered(await logIn(person.email, codeAt(secret, Date.now())));
  });

  it('takes a code once, the one that confirmed it included', async () => {
    const begun = await person.post('/auth/second_factor/totp/', { current_password: PASSWORD });
    const first = codeAt(begun.body.secret, Date.now());
    await person.post('/auth/second_factor/totp/confirm/', { code: first });
    expectProblem(await logIn(person.email, first), { code: 'second_factor_invalid' });
    later(60);
    const code = codeAt(begun.body.secret, Date.now());
    const both = await Promise.all([logIn(person.email, code), logIn(person.email, code)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
  });

  it('ends one’s other sessions, opened with less, when it comes into force', async () => {
    const other = entered(await logIn(person.email));
    expect((await other.get('/auth/me/')).status).toBe(200);
    await enrol(person);
    expectProblem(await other.get('/auth/me/'), { code: 'not_authenticated' });
    expect((await person.get('/auth/me/')).status).toBe(200);
  });

  it('after ten wrong codes looks at none for a quarter of an hour, and recovery codes still open', async () => {
    const { secret, codes } = await enrol(person);
    for (let wrong = 0; wrong < 10; wrong += 1) {
      // Another address and another minute each time, as somebody with many machines would.
      const answer = await t.app.inject({
        method: 'POST',
        url: '/api/v1/auth/login/',
        headers: { host: school.host },
        remoteAddress: `198.51.100.${wrong + 1}`,
        payload: { email: person.email, password: PASSWORD, code: '000000' },
      });
      expect(answer.json().code).toBe('second_factor_invalid');
    }
    const refused = await logIn(person.email, codeAt(secret, Date.now()));
    expectProblem(refused, { code: 'too_many_requests' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(600);
    entered(await logIn(person.email, codes[0]));
    await t.sql(
      "UPDATE public.second_factors SET wrong_since = wrong_since - interval '16 minutes' WHERE user_id = $1",
      [person.userId],
    );
    entered(await logIn(person.email, codeAt(secret, Date.now())));
  });

  it('a recovery code opens once, is told by mail, and is kept as a mark alone', async () => {
    const { codes } = await enrol(person);
    const [code = ''] = codes;
    const client = entered(await logIn(person.email, code.toUpperCase()));
    expect((await client.get('/auth/second_factor/')).body).toMatchObject({ recovery_codes_left: 9 });
    expectProblem(await logIn(person.email, code), { code: 'second_factor_invalid' });
    const texts = (await mailsTo(t, person.email)).map(({ text }) => text).join('\n');
    expect(texts).toMatch(/code de secours vient d’être utilisé/);
    const kept = await t.sql('SELECT to_jsonb(r) AS row FROM public.recovery_codes r');
    expect(JSON.stringify(kept)).not.toContain(code.replaceAll('-', ''));
  });

  it('is kept encrypted, for its owner', async () => {
    const { secret } = await enrol(person);
    const [row] = await t.sql<{ sealed_secret: string }>(
      'SELECT sealed_secret FROM public.second_factors WHERE user_id = $1',
      [person.userId],
    );
    expect(row?.sealed_secret).toMatch(/^v1\.[0-9a-f]{8}\./);
    expect(row?.sealed_secret).not.toContain(secret);
    const other = await schoolAdmin(t, school);
    await enrol(other);
    await t.sql('UPDATE public.second_factors SET sealed_secret = $1 WHERE user_id = $2', [
      row?.sealed_secret,
      other.userId,
    ]);
    expect((await logIn(other.email, codeAt(secret, Date.now()))).status).toBe(500);
  });

  it('goes with the password and a code, and not with one of them', async () => {
    const { secret } = await enrol(person);
    const disable = (current_password: string, code: string) =>
      person.post('/auth/second_factor/totp/disable/', { current_password, code });
    expectProblem(await disable('wrong', codeAt(secret, Date.now())), {
      code: 'invalid_input',
      errors: { current_password: 'wrong_password' },
    });
    expectProblem(await disable(PASSWORD, '000000'), {
      code: 'invalid_input',
      errors: { code: 'one_time_code' },
    });
    expectProblem(await person.post('/auth/second_factor/totp/', { current_password: PASSWORD }), {
      code: 'second_factor_exists',
    });
    expect((await disable(PASSWORD, codeAt(secret, Date.now()))).status).toBe(204);
    expect((await person.get('/auth/second_factor/')).body).toMatchObject({
      totp: null,
      recovery_codes_left: 0,
    });
    entered(await logIn(person.email));
  });

  it('new recovery codes put an end to the old ones', async () => {
    const { secret, codes } = await enrol(person);
    const renewed = await person.post('/auth/second_factor/recovery_codes/', {
      current_password: PASSWORD,
      code: codeAt(secret, Date.now()),
    });
    expect(renewed.body.recovery_codes).toHaveLength(10);
    expectProblem(await logIn(person.email, codes[0]), { code: 'second_factor_invalid' });
    entered(await logIn(person.email, renewed.body.recovery_codes[0]));
  });

  it('is not begun without the password, nor confirmed before it is begun', async () => {
    expectProblem(await person.post('/auth/second_factor/totp/', { current_password: 'wrong' }), {
      code: 'invalid_input',
      errors: { current_password: 'wrong_password' },
    });
    expectProblem(await person.post('/auth/second_factor/totp/confirm/', { code: '000000' }), {
      code: 'second_factor_not_begun',
    });
  });
});

describe('a school that demands a second factor of its administrators', () => {
  it('lets them do nothing else before they have one, at once and without another log-in', async () => {
    const strict = await createSchool(t);
    const [head, teacher] = [await schoolAdmin(t, strict), await member(t, strict, 'teacher')];
    expectProblem(await teacher.patch('/second_factor_policy/', { require_second_factor: true }), {
      code: 'permission_denied',
    });
    expect((await head.patch('/second_factor_policy/', { require_second_factor: true })).status).toBe(200);
    expectProblem(await head.get('/announcements/'), { code: 'second_factor_missing' });
    expectProblem(await head.get('/second_factor_policy/'), { code: 'second_factor_missing' });
    expect((await head.get('/auth/me/')).body).toMatchObject({ must_enrol: true });
    expect((await head.get('/auth/second_factor/')).body).toMatchObject({ required: true, missing: true });
    expect((await teacher.get('/announcements/')).status).toBe(200);
    expect((await teacher.get('/auth/second_factor/')).body).toMatchObject({ required: false });

    const { secret } = await enrol(head);
    expect((await head.get('/announcements/')).status).toBe(200);
    const again = await visitor(t, strict.host).post('/auth/login/', {
      email: head.email,
      password: PASSWORD,
      code: codeAt(secret, Date.now()),
    });
    expect(again.body).toMatchObject({ must_enrol: false });
  });
});

describe('the console', () => {
  it('outside localhost lets a super-admin do nothing but set up a second factor', async () => {
    const abroad = await createTestApp({ baseDomain: 'preau.example' });
    try {
      const answer = await visitor(abroad, abroad.consoleHost).post('/auth/login/', SUPERADMIN);
      expect(answer.body).toMatchObject({ role: 'superadmin', must_enrol: true });
      const admin = createClient(abroad, abroad.consoleHost, {
        cookie: answer.cookies[0]?.split(';')[0] ?? '',
      });
      expectProblem(await admin.get('/tenants/'), { code: 'second_factor_missing' });
      const { body } = await admin.post('/auth/second_factor/totp/', {
        current_password: SUPERADMIN.password,
      });
      await admin.post('/auth/second_factor/totp/confirm/', { code: codeAt(body.secret, Date.now()) });
      expect((await admin.get('/tenants/')).status).toBe(200);
      expectProblem(await visitor(abroad, abroad.consoleHost).post('/auth/login/', SUPERADMIN), {
        code: 'second_factor_required',
      });
    } finally {
      await abroad.close();
    }
  });

  it('on localhost demands none', async () => {
    const admin = await superadmin(t);
    expect((await admin.get('/auth/second_factor/')).body).toMatchObject({ required: false, missing: false });
  });
});

it('an operator takes it away from who has lost it, ends their sessions, and leaves a trace', async () => {
  const user = await addMember(t, school, 'admin', await addUser(t));
  const client = entered(await logIn(user.email));
  await enrol(client);
  const preau = preauOn(t.fresh.url);
  onTestFinished(() => preau.close());
  const ended = t.hears('session', (await client.get('/auth/sessions/')).body.results[0].id);
  const reset = await preau('users', 'second-factor', 'reset', '--email', user.email, '--json');
  expect(reset.lines()).toEqual([{ email: user.email, totp: true, passkeys: 0, ended: 1 }]);
  await ended;
  expectProblem(await client.get('/auth/me/'), { code: 'not_authenticated' });
  entered(await logIn(user.email));
  expect(await actionsOn(user.id)).toContain('second_factor.reset');
  expect((await preau('users', 'second-factor', 'reset', '--email', 'nobody@example.org')).code).not.toBe(0);
});

it('an invitation is no way past the second factor of the account that accepts it', async () => {
  const person = await schoolAdmin(t, school);
  const { secret } = await enrol(person);
  const other = await createSchool(t);
  const invite = () =>
    t.services.tenancy.central(({ trx }) => makeInvitation(trx, SYSTEM, other.id, person.email, 'admin'));
  const { token } = await invite();
  const accept = (code?: string) =>
    visitor(t, other.host).post(`/invitations/${token}/accept/`, {
      password: PASSWORD,
      ...(code ? { code } : {}),
    });
  expectProblem(await accept(), { code: 'second_factor_required' });
  expectProblem(await accept('000000'), { code: 'second_factor_invalid' });
  expect((await accept(codeAt(secret, Date.now()))).body).toMatchObject({ role: 'admin' });
});
