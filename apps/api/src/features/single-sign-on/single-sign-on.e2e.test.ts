import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addMember, createSchool, PASSWORD, type School } from '../../../test/support/builders.ts';
import { createClient, schoolAdmin, teacher, visitor, type Client } from '../../../test/support/clients.ts';
import { createTestApp, SUPERADMIN, type TestApp } from '../../../test/support/harness.ts';
import {
  OIDC_CLIENT,
  startProvider,
  type Account,
  type TestProvider,
} from '../../../test/support/oidc-provider.ts';
import { expectProblem } from '../../../test/support/refusals.ts';
import { OPERATOR } from '../audit/index.ts';

let t: TestApp;
let school: School;
let other: School;
let provider: TestProvider;
let head: Client;
let counter = 0;

const callbackOf = ({ host }: School) => `http://${host}:3000/sso/callback`;
const settings = (over: object = {}) => ({
  enabled: true,
  label: 'Mon ENT',
  issuer: provider.issuer,
  client_id: OIDC_CLIENT.id,
  client_secret: OIDC_CLIENT.secret,
  scopes: 'openid email profile groups',
  role_claim: 'groups',
  role_rules: [{ value: 'profs', role: 'teacher' }],
  default_role: 'student',
  creates_members: true,
  email_domains: [],
  password_log_in: true,
  counts_as_second_factor: false,
  ...over,
});

beforeAll(async () => {
  t = await createTestApp();
  [school, other] = [await createSchool(t), await createSchool(t)];
  provider = await startProvider([callbackOf(school), callbackOf(other)]);
  head = await schoolAdmin(t, school);
});
afterAll(async () => {
  await provider.close();
  await t.close();
});
beforeEach(async () => {
  const { status, text } = await head.put('/single_sign_on/', settings());
  if (status !== 200) throw new Error(text);
});

const somebody = (over: Partial<Account> = {}): Account => {
  counter += 1;
  return {
    sub: `subject-${counter}`,
    email: `externe-${counter}@example.org`,
    email_verified: true,
    name: 'Ada Lovelace',
    ...over,
  };
};

/** Begins in a browser of its own. */
async function begin(at = school) {
  const client = visitor(t, at.host);
  const { body, cookies, status, text } = await client.post('/auth/sso/begin/');
  expect(status, text).toBe(200);
  const cookie = cookies[0]?.split(';')[0] ?? '';
  return { url: body.url as string, cookie, browser: createClient(t, at.host, { cookie }), cookies };
}

async function logIn(account: Account, at = school) {
  provider.account = account;
  const begun = await begin(at);
  const back = await provider.visit(begun.url);
  const answer = await begun.browser.post('/auth/sso/end/', { answer: back.search });
  return { answer, back, begun };
}
const roleOf = async (email: string) =>
  (
    await t.sql(
      'SELECT m.role, m.tenant_id FROM public.memberships m JOIN public.users u ON u.id = m.user_id WHERE u.email = $1',
      [email],
    )
  ).map(({ role, tenant_id }) => [role, tenant_id]);

describe('a log-in by the school’s provider', () => {
  it('makes a member by a first log-in, in the role that a claim says, and knows them again', async () => {
    const account = somebody({ groups: ['profs', 'chorale'] });
    const { answer, back, begun } = await logIn(account);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toMatchObject({ email: account.email, full_name: 'Ada Lovelace', role: 'teacher' });
    expect(back.href.startsWith(callbackOf(school))).toBe(true);
    expect(begun.cookies[0]).toMatch(/^preau_sso=.*HttpOnly.*SameSite=Lax/);
    expect(begun.cookies[0]).not.toMatch(/Domain/i);
    const cookie = answer.cookies.find((text) => text.startsWith('preau_session='))?.split(';')[0] ?? '';
    expect((await createClient(t, school.host, { cookie }).get('/announcements/')).status).toBe(200);
    // Another address since, and not verified: the subject is enough.
    const again = await logIn({ ...account, email: 'moved@example.org', email_verified: false });
    expect(again.answer.body).toMatchObject({ id: answer.body.id, email: account.email, role: 'teacher' });
    expect(await roleOf(account.email ?? '')).toEqual([['teacher', school.id]]);
  });

  it('gives the role for everybody to whom no rule fits', async () => {
    expect((await logIn(somebody({ groups: ['autres'] }))).answer.body).toMatchObject({ role: 'student' });
    await head.put('/single_sign_on/', settings({ default_role: null }));
    expectProblem((await logIn(somebody())).answer, { code: 'sso_not_a_member' });
  });

  it('finds a member by the address that the provider has verified, and by no other', async () => {
    const member = await addMember(t, school, 'staff');
    const refused = await logIn(somebody({ email: member.email, email_verified: false }));
    expectProblem(refused.answer, { code: 'sso_email_unverified' });
    const { answer } = await logIn(somebody({ email: member.email.toUpperCase(), groups: ['profs'] }));
    // Their role is what the school has given them.
    expect(answer.body).toMatchObject({ id: member.id, role: 'staff' });
  });

  it('makes nobody a member where the school does not want it', async () => {
    await head.put('/single_sign_on/', settings({ creates_members: false }));
    const account = somebody();
    expectProblem((await logIn(account)).answer, { code: 'sso_not_a_member' });
    expect(await t.sql('SELECT 1 FROM public.users WHERE email = $1', [account.email])).toEqual([]);
    const member = await addMember(t, school, 'teacher');
    expect((await logIn(somebody({ email: member.email }))).answer.status).toBe(200);
  });

  it('lets in addresses of the domains named alone', async () => {
    await head.put('/single_sign_on/', settings({ email_domains: ['lycee.example'] }));
    expectProblem((await logIn(somebody())).answer, { code: 'sso_not_a_member' });
    const account = somebody({ email: `prof-${counter}@lycee.example` });
    expect((await logIn(account)).answer.status).toBe(200);
  });

  it('never lets a super-admin in, whatever the provider says', async () => {
    expectProblem((await logIn(somebody({ email: SUPERADMIN.email, groups: ['profs'] }))).answer, {
      code: 'sso_not_a_member',
    });
    expect(await roleOf(SUPERADMIN.email)).toEqual([]);
  });

  it('two first log-ins at once make one person', async () => {
    const account = somebody();
    const begun = [];
    provider.account = account;
    for (let at = 0; at < 2; at += 1) {
      const one = await begin();
      begun.push({ browser: one.browser, back: await provider.visit(one.url) });
    }
    const answers = await Promise.all(
      begun.map(({ browser, back }) => browser.post('/auth/sso/end/', { answer: back.search })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await roleOf(account.email ?? '')).toHaveLength(1);
  });
});

describe('an answer of the provider is refused', () => {
  const end = (client: Client, answer: string) => client.post('/auth/sso/end/', { answer });
  const refusedIn = async (answer: { body: { request_id: string } }) =>
    t.sql("SELECT 1 FROM public.audit_log WHERE action = 'single_sign_on.refuse' AND request_id = $1", [
      answer.body.request_id,
    ]);

  it('with another state, and one without', async () => {
    provider.account = somebody();
    const { url, browser } = await begin();
    const back = await provider.visit(url);
    back.searchParams.set('state', 'another');
    const answer = await end(browser, back.search);
    expectProblem(answer, { code: 'sso_refused' });
    expect(await refusedIn(answer)).toHaveLength(1);
    back.searchParams.delete('state');
    expectProblem(await end(browser, back.search), { code: 'sso_refused' });
    expectProblem(await end(browser, ''), { code: 'sso_refused' });
  });

  it('a second time', async () => {
    const { back, begun } = await logIn(somebody());
    expectProblem(await end(begun.browser, back.search), { code: 'sso_refused' });
  });

  it('when its code was used already, in a log-in of its own', async () => {
    const { back } = await logIn(somebody());
    const fresh = await begin();
    const answer = new URL(fresh.url).searchParams.get('state') ?? '';
    back.searchParams.set('state', answer);
    expectProblem(await end(fresh.browser, back.search), { code: 'sso_refused' });
  });

  it('with the nonce of another log-in', async () => {
    provider.account = somebody();
    const { url, browser } = await begin();
    await t.sql("UPDATE public.single_sign_on_attempts SET nonce = 'another'");
    expectProblem(await end(browser, (await provider.visit(url)).search), { code: 'sso_refused' });
  });

  it('in another browser than the one that began', async () => {
    provider.account = somebody();
    const [mine, theirs] = [await begin(), await begin()];
    const back = await provider.visit(mine.url);
    expectProblem(await end(theirs.browser, back.search), { code: 'sso_refused' });
    // It is spent by the attempt.
    expectProblem(await end(mine.browser, back.search), { code: 'sso_refused' });
    const alone = await begin();
    const answer = (await provider.visit(alone.url)).search;
    expectProblem(await end(visitor(t, school.host), answer), { code: 'sso_refused' });
  });

  it('at another school, even one with the same provider', async () => {
    const otherHead = await schoolAdmin(t, other);
    expect((await otherHead.put('/single_sign_on/', settings())).status).toBe(200);
    provider.account = somebody();
    const { url, cookie } = await begin();
    const back = await provider.visit(url);
    expectProblem(await end(createClient(t, other.host, { cookie }), back.search), { code: 'sso_refused' });
    expect(await roleOf(provider.account.email ?? '')).toEqual([]);
  });

  it('after ten minutes', async () => {
    provider.account = somebody();
    const { url, browser } = await begin();
    const back = await provider.visit(url);
    await t.sql("UPDATE public.single_sign_on_attempts SET expires_at = now() - interval '1 second'");
    expectProblem(await end(browser, back.search), { code: 'sso_refused' });
  });

  it('when it says that the person gave up', async () => {
    const { url, browser } = await begin();
    const state = new URL(url).searchParams.get('state') ?? '';
    expectProblem(await end(browser, `?error=access_denied&state=${state}&iss=${provider.issuer}`), {
      code: 'sso_refused',
    });
  });
});

describe('a school’s provider', () => {
  it('is set by its administrators, its secret kept encrypted and never shown', async () => {
    expectProblem(await (await teacher(t, school)).get('/single_sign_on/'), { code: 'permission_denied' });
    const { body, text } = await head.get('/single_sign_on/');
    expect(body.provider).toMatchObject({ issuer: provider.issuer, redirect_uri: callbackOf(school) });
    const everywhere = [
      text,
      JSON.stringify(await t.sql('SELECT * FROM public.single_sign_on')),
      JSON.stringify(await t.sql("SELECT * FROM public.audit_log WHERE action LIKE 'single_sign_on%'")),
    ].join('\n');
    expect(everywhere).not.toContain(OIDC_CLIENT.secret);
    expect(everywhere).toContain('single_sign_on.update');
  });

  it('keeps its secret when another field changes, and asks for it with another issuer', async () => {
    const { client_secret: _, ...rest } = settings({ label: 'Autre nom' });
    expect((await head.put('/single_sign_on/', rest)).status).toBe(200);
    expect((await logIn(somebody())).answer.status).toBe(200);
    expectProblem(await head.put('/single_sign_on/', { ...rest, issuer: 'https://other.example' }), {
      code: 'invalid_input',
      errors: { client_secret: 'required' },
    });
  });

  it('is refused when nothing answers at its address', async () => {
    const nowhere = await head.put('/single_sign_on/', settings({ issuer: 'http://127.0.0.1:9' }));
    expectProblem(nowhere, { code: 'sso_provider_unreachable' });
  });

  it('is not looked for in the house outside localhost', async () => {
    const abroad = await createTestApp({ baseDomain: 'preau.example' });
    try {
      const far = await createSchool(abroad);
      const admin = await schoolAdmin(abroad, far);
      expectProblem(await admin.put('/single_sign_on/', settings()), { code: 'sso_provider_unreachable' });
      const safe = settings({ issuer: provider.issuer.replace('http:', 'https:') });
      expectProblem(await admin.put('/single_sign_on/', safe), { code: 'sso_provider_unreachable' });
    } finally {
      await abroad.close();
    }
  });

  it('can be the only way in, but for administrators', async () => {
    const member = await addMember(t, school, 'teacher');
    const withPassword = (email: string, password = PASSWORD) =>
      visitor(t, school.host).post('/auth/login/', { email, password });
    expect((await withPassword(member.email)).status).toBe(200);
    await head.put('/single_sign_on/', settings({ password_log_in: false }));
    expect((await visitor(t, school.host).get('/auth/sso/')).body).toEqual({
      provider: { label: 'Mon ENT' },
      password: false,
    });
    expectProblem(await withPassword(member.email), { code: 'sso_only' });
    expectProblem(await withPassword(member.email, 'wrong'), { code: 'invalid_credentials' });
    const admin = await addMember(t, school, 'admin');
    expect((await withPassword(admin.email)).status).toBe(200);
  });

  it('answers for a second factor only where the school says so', async () => {
    const strict = await createSchool(t);
    const admin = await schoolAdmin(t, strict);
    const rules = { role_rules: [{ value: 'direction', role: 'admin' }] };
    const strictProvider = await startProvider([callbackOf(strict)]);
    try {
      strictProvider.account = somebody({ groups: ['direction'] });
      const enter = async () => {
        const { url, browser } = await begin(strict);
        return browser.post('/auth/sso/end/', { answer: (await strictProvider.visit(url)).search });
      };
      const its = (over: object) => settings({ issuer: strictProvider.issuer, ...rules, ...over });
      await admin.put('/single_sign_on/', its({ counts_as_second_factor: true }));
      await t.services.tenants.updateSettings(OPERATOR, strict.id, { require_second_factor: true });
      expect((await enter()).body).toMatchObject({ role: 'admin', must_enrol: false });
      await t.sql('UPDATE public.single_sign_on SET counts_as_second_factor = false WHERE tenant_id = $1', [
        strict.id,
      ]);
      await expect.poll(async () => (await enter()).body.must_enrol).toBe(true);
    } finally {
      await strictProvider.close();
    }
  });

  it('is gone once removed', async () => {
    expect((await head.delete('/single_sign_on/')).status).toBe(204);
    expectProblem(await visitor(t, school.host).post('/auth/sso/begin/'), { code: 'sso_not_configured' });
    expect((await visitor(t, school.host).get('/auth/sso/')).body).toEqual({
      provider: null,
      password: true,
    });
  });
});
