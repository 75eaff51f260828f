import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthenticator, type Authenticator } from '../../../test/support/authenticator.ts';
import { createSchool, PASSWORD, type School } from '../../../test/support/builders.ts';
import { createClient, member, schoolAdmin, visitor, type Client } from '../../../test/support/clients.ts';
import { originAt, withPasskey } from '../../../test/support/factor-samples.ts';
import { createTestApp, SUPERADMIN, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem } from '../../../test/support/refusals.ts';

let t: TestApp;
let school: School;
let other: School;
beforeAll(async () => {
  t = await createTestApp();
  [school, other] = [await createSchool(t), await createSchool(t)];
});
afterAll(() => t.close());

type Bent = Partial<Parameters<Authenticator['sign']>[1]>;

async function logInWith(authenticator: Authenticator, host = school.host, bent: Bent = {}) {
  const client = visitor(t, host);
  const { body: options } = await client.post('/auth/passkeys/login/begin/');
  const response = authenticator.sign(options, { origin: originAt(host), ...bent });
  return { answer: await client.post('/auth/passkeys/login/', { response }), response, options };
}

async function begin(client: Client) {
  const { body, status } = await client.post('/auth/passkeys/begin/', { current_password: PASSWORD });
  expect(status).toBe(200);
  return body;
}
const add = (client: Client, response: object) => client.post('/auth/passkeys/', { name: 'Clé', response });

describe('a passkey', () => {
  it('opens a session alone, at the host it was made for', async () => {
    const { client, authenticator, codes } = await withPasskey(t, school);
    expect(codes).toHaveLength(10);
    const { answer } = await logInWith(authenticator);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toMatchObject({ email: client.email, role: 'admin', must_enrol: false });
    const cookie = answer.cookies[0]?.split(';')[0] ?? '';
    expect((await createClient(t, school.host, { cookie }).get('/auth/me/')).status).toBe(200);
    expect((await client.get('/auth/passkeys/')).body.results).toMatchObject([
      { name: 'Téléphone', host: school.host, last_used_at: expect.any(String) },
    ]);
  });

  it('is then asked for, or a recovery code, after the password', async () => {
    const { client, codes } = await withPasskey(t, school);
    const login = (code?: string) =>
      visitor(t, school.host).post('/auth/login/', {
        email: client.email,
        password: PASSWORD,
        ...(code ? { code } : {}),
      });
    const asked = await login();
    expectProblem(asked, { code: 'second_factor_required' });
    expect(asked.body.methods).toEqual(['passkey', 'recovery_code']);
    expectProblem(await login('123456'), { code: 'second_factor_invalid' });
    expect((await login(codes?.[0])).status).toBe(200);
  });

  it('opens nothing at another school, nor after its owner has left', async () => {
    const { client, authenticator } = await withPasskey(t, school);
    expectProblem((await logInWith(authenticator, other.host)).answer, { code: 'passkey_refused' });
    // Even a browser that lied about the host.
    const lied = await logInWith(authenticator, other.host, { rpId: school.host });
    expectProblem(lied.answer, { code: 'passkey_refused' });
    await t.sql('DELETE FROM public.memberships WHERE user_id = $1', [client.userId]);
    expectProblem((await logInWith(authenticator)).answer, { code: 'passkey_refused' });
  });

  it('opens nothing when its host has become another school’s', async () => {
    const { authenticator, id, client } = await withPasskey(t, school);
    await t.sql('INSERT INTO public.memberships (user_id, tenant_id, role) VALUES ($1, $2, $3)', [
      client.userId,
      other.id,
      'admin',
    ]);
    await t.sql('UPDATE public.passkeys SET host = $1 WHERE id = $2', [other.host, id]);
    expectProblem((await logInWith(authenticator, other.host)).answer, { code: 'passkey_refused' });
  });

  it.each([
    ['signed for another site', { origin: 'https://elsewhere.example' }],
    ['signed for another host', { rpId: 'elsewhere.example' }],
    ['without its owner’s finger, face or PIN', { verified: false }],
  ])('is refused: %s', async (_, bent) => {
    const { authenticator } = await withPasskey(t, school);
    const { answer } = await logInWith(authenticator, school.host, bent);
    expectProblem(answer, { code: 'passkey_refused' });
    const rows = await t.sql(
      "SELECT 1 FROM public.audit_log WHERE action = 'passkey.refuse' AND request_id = $1",
      [answer.body.request_id],
    );
    expect(rows).toHaveLength(1);
  });

  it('signs a challenge once, and one that is five minutes old not at all', async () => {
    const { authenticator } = await withPasskey(t, school);
    const { answer, response } = await logInWith(authenticator);
    expect(answer.status).toBe(200);
    const again = () => visitor(t, school.host).post('/auth/passkeys/login/', { response });
    expectProblem(await again(), { code: 'passkey_refused' });
    const client = visitor(t, school.host);
    const { body: options } = await client.post('/auth/passkeys/login/begin/');
    await t.sql("UPDATE public.passkey_challenges SET expires_at = now() - interval '1 second'");
    const late = authenticator.sign(options, { origin: originAt(school.host) });
    expectProblem(await client.post('/auth/passkeys/login/', { response: late }), {
      code: 'passkey_refused',
    });
    // One that nobody gave out.
    const invented = authenticator.sign(
      { challenge: 'bm9ib2R5', rpId: school.host },
      { origin: originAt(school.host) },
    );
    expectProblem(await client.post('/auth/passkeys/login/', { response: invented }), {
      code: 'passkey_refused',
    });
  });

  it('signs twice at once and opens one session', async () => {
    const { authenticator } = await withPasskey(t, school);
    const client = visitor(t, school.host);
    const { body: options } = await client.post('/auth/passkeys/login/begin/');
    const response = authenticator.sign(options, { origin: originAt(school.host) });
    const answers = await Promise.all([1, 2].map(() => client.post('/auth/passkeys/login/', { response })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
  });

  it('that counts no further than before is a copy, and refused', async () => {
    const { authenticator } = await withPasskey(t, school);
    authenticator.setCounter(10);
    expect((await logInWith(authenticator)).answer.status).toBe(200);
    authenticator.setCounter(5);
    expectProblem((await logInWith(authenticator)).answer, { code: 'passkey_refused' });
    authenticator.setCounter(11);
    expect((await logInWith(authenticator)).answer.status).toBe(200);
  });
});

describe('registering a passkey', () => {
  it('needs the password, and the person who began', async () => {
    const [mine, theirs] = [await schoolAdmin(t, school), await schoolAdmin(t, school)];
    expectProblem(await mine.post('/auth/passkeys/begin/', { current_password: 'wrong' }), {
      code: 'invalid_input',
      errors: { current_password: 'wrong_password' },
    });
    const options = await begin(mine);
    const response = createAuthenticator().register(options, { origin: originAt(school.host) });
    expectProblem(await add(theirs, response), { code: 'passkey_refused' });
    // It was taken away by the attempt.
    expectProblem(await add(mine, response), { code: 'passkey_refused' });
  });

  it.each([
    ['another site', { origin: 'https://elsewhere.example' }],
    ['another host', { rpId: 'elsewhere.example' }],
    ['nobody’s finger, face or PIN', { verified: false }],
  ])('is refused with a key for %s', async (_, bent) => {
    const client = await schoolAdmin(t, school);
    const options = await begin(client);
    const response = createAuthenticator().register(options, { origin: originAt(school.host), ...bent });
    expectProblem(await add(client, response), { code: 'passkey_refused' });
    expect((await client.get('/auth/passkeys/')).body.count).toBe(0);
  });

  it('is refused with nonsense, which is no fault of the server', async () => {
    const client = await schoolAdmin(t, school);
    const options = await begin(client);
    const made = createAuthenticator().register(options, { origin: originAt(school.host) });
    const nonsense = { ...made, response: { ...made.response, attestationObject: 'AAAA' } };
    expectProblem(await add(client, nonsense), { code: 'passkey_refused' });
    const blind = { ...made, response: { ...made.response, clientDataJSON: 'AAAA' } };
    expectProblem(await add(client, blind), { code: 'passkey_refused' });
    const empty = { ...made, response: { ...made.response, clientDataJSON: 'e30' } };
    expectProblem(await add(client, empty), { code: 'passkey_refused' });
  });

  it('does for a school that demands a second factor', async () => {
    const strict = await createSchool(t);
    const head = await schoolAdmin(t, strict);
    await head.patch('/second_factor_policy/', { require_second_factor: true });
    expectProblem(await head.get('/announcements/'), { code: 'second_factor_missing' });
    const options = await begin(head);
    const response = createAuthenticator().register(options, { origin: originAt(strict.host) });
    expect((await add(head, response)).status).toBe(201);
    expect((await head.get('/announcements/')).status).toBe(200);
  });

  it('keeps who has the password alone from setting up an application elsewhere', async () => {
    const { client } = await withPasskey(t, school);
    await t.sql('INSERT INTO public.memberships (user_id, tenant_id, role) VALUES ($1, $2, $3)', [
      client.userId,
      other.id,
      'teacher',
    ]);
    const login = await visitor(t, other.host).post('/auth/login/', {
      email: client.email,
      password: PASSWORD,
    });
    const thief = createClient(t, other.host, { cookie: login.cookies[0]?.split(';')[0] ?? '' });
    expectProblem(await thief.post('/auth/second_factor/totp/', { current_password: PASSWORD }), {
      code: 'second_factor_required',
    });
    expectProblem(await thief.post('/auth/second_factor/recovery_codes/', { current_password: PASSWORD }), {
      code: 'invalid_input',
      errors: { code: 'required' },
    });
    expect((await client.post('/auth/second_factor/totp/', { current_password: PASSWORD })).status).toBe(201);
  });
});

describe('one’s passkeys', () => {
  it('are named and removed by their owner alone; recovery codes go with the last one', async () => {
    const { client, id } = await withPasskey(t, school);
    const stranger = await member(t, school, 'admin');
    expectProblem(await stranger.patch(`/auth/passkeys/${id}/`, { name: 'Mine' }), { code: 'not_found' });
    expectProblem(await stranger.post(`/auth/passkeys/${id}/remove/`, { current_password: PASSWORD }), {
      code: 'not_found',
    });
    expect((await client.patch(`/auth/passkeys/${id}/`, { name: ' Bureau ' })).body.name).toBe('Bureau');
    expectProblem(await client.post(`/auth/passkeys/${id}/remove/`, { current_password: 'wrong' }), {
      code: 'invalid_input',
      errors: { current_password: 'wrong_password' },
    });
    const removed = await client.post(`/auth/passkeys/${id}/remove/`, { current_password: PASSWORD });
    expect(removed.status).toBe(204);
    expect((await client.get('/auth/second_factor/')).body).toMatchObject({
      passkeys: 0,
      recovery_codes_left: 0,
    });
  });
});

it('a super-admin comes in by passkey on the console, and not at a school', async () => {
  const login = await visitor(t, t.consoleHost).post('/auth/login/', SUPERADMIN);
  const client = createClient(t, t.consoleHost, { cookie: login.cookies[0]?.split(';')[0] ?? '' });
  const authenticator = createAuthenticator();
  const { body } = await client.post('/auth/passkeys/begin/', { current_password: SUPERADMIN.password });
  const response = authenticator.register(body, { origin: originAt(t.consoleHost) });
  expect((await add(client, response)).status).toBe(201);
  const { answer } = await logInWith(authenticator, t.consoleHost);
  expect(answer.body).toMatchObject({ role: 'superadmin' });
  expectProblem((await logInWith(authenticator, school.host)).answer, { code: 'passkey_refused' });
  expectProblem((await logInWith(authenticator, t.base)).answer, { code: 'passkey_refused' });
});
