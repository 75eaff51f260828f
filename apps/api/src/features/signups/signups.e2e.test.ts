import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSchool, PASSWORD } from '../../../test/support/builders.ts';
import { superadmin, visitor, type Client } from '../../../test/support/clients.ts';
import { createTestApp, SUPERADMIN, type TestApp } from '../../../test/support/harness.ts';
import { codeOf, lastMailTo, mailsTo, secretOf } from '../../../test/support/mailbox.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';
import { SYSTEM } from '../audit/index.ts';
import { finishJob } from '../jobs/index.ts';

let t: TestApp;
let admin: Client;
let guest: Client;
let counter = 0;
beforeAll(async () => {
  t = await createTestApp({ trustProxy: ['127.0.0.1'] });
  admin = await superadmin(t);
});
afterAll(() => t.close());
// Somebody else each time: limits on addresses are no test's but those that try them.
beforeEach(() => {
  counter += 1;
  guest = visitor(t);
});
const from = (n = counter) => ({ headers: { 'x-forwarded-for': `198.51.100.${n}` } });
const address = () => `demande-${counter}@example.org`;

const wish = (over: object = {}) => ({
  email: address(),
  full_name: 'Camille Dupré',
  school_name: `Collège Éluard ${counter}`,
  school_type: 'college',
  ...over,
});
const details = (over: object = {}) => ({
  school_name: `Collège Éluard ${counter}`,
  school_type: 'college',
  subdomain: `eluard-${counter}`,
  phone: '01 23 45 67 89',
  address: '1 rue de l’Eure',
  postal_code: '27000',
  city: 'Évreux',
  ...over,
});
const withKey = (key: string) => ({ headers: { ...from().headers, 'signup-key': key } });

/** Asks and proves. */
async function proved(over: object = {}): Promise<{ id: string; key: string }> {
  const { body } = await guest.post('/signup/', wish(over), from());
  const mail = await lastMailTo(t, (over as { email?: string }).email ?? address());
  const { body: opened } = await guest.post(
    '/signup/verify/',
    { signup_id: body.signup_id, code: codeOf(mail) },
    from(),
  );
  return { id: body.signup_id, key: opened.key };
}
async function handedIn(over: object = {}): Promise<{ id: string; key: string }> {
  const own = await proved();
  const { status, text } = await guest.post(`/signup/${own.id}/submit/`, details(over), withKey(own.key));
  expect(status, text).toBe(200);
  return own;
}
const policy = (settings: object) => admin.patch('/signups/settings/', settings);
/** Carries out what a worker would: the latest job of a request. */
async function carryOut(id: string) {
  const rows = await t.sql<{ id: string }>(
    "SELECT id FROM public.jobs WHERE kind = 'signup.open' AND payload->>'signup_id' = $1 ORDER BY id DESC LIMIT 1",
    [id],
  );
  return finishJob(t.services, rows[0]?.id ?? '', () => {});
}
/** What ten wrong codes could hide: digits that are not these. */
const otherThan = (code: string): string => (code === '000000' ? '111111' : '000000');

describe('asking for a school', () => {
  it('leads from the form to the inside of the school, as its administrator', async () => {
    const asked = await guest.post('/signup/', wish({ email: address().toUpperCase() }), from());
    expect(asked.status).toBe(200);
    const proof = await lastMailTo(t, address());
    expect(proof.text).toContain(`Collège Éluard ${counter}`);
    const { body: opened } = await guest.post(
      '/signup/verify/',
      { signup_id: asked.body.signup_id, code: codeOf(proof) },
      from(),
    );
    expect(opened.signup).toMatchObject({
      status: 'proved',
      email: address(),
      suggested_subdomain: `college-eluard-${counter}`,
      school_url: null,
    });
    const { id } = opened.signup;
    const key = withKey(opened.key);
    const handed = await guest.post(`/signup/${id}/submit/`, details({ message: 'Bonjour' }), key);
    expect(handed.body).toMatchObject({ status: 'waiting', subdomain: `eluard-${counter}` });
    expect(handed.body.steps.find(({ name }: { name: string }) => name === 'review').status).toBe('running');
    expectProblem(await guest.post(`/signup/${id}/enter/`, undefined, key), { code: 'signup_not_open' });
    expect((await lastMailTo(t, SUPERADMIN.email)).text).toContain(`/signups/${id}`);

    const waiting = await admin.get('/signups/', { query: { status: 'waiting' } });
    expect(waiting.body.results.map((row: { id: string }) => row.id)).toContain(id);
    const approved = await admin.post(`/signups/${id}/approve/`, {});
    expect(approved.body).toMatchObject({ status: 'approved', decided_by: SUPERADMIN.email });
    await carryOut(id);

    const open = (await guest.get(`/signup/${id}/`, key)).body;
    expect(open).toMatchObject({ status: 'open', school_url: `http://eluard-${counter}.localhost:3000` });
    expect(open.steps.every(({ status }: { status: string }) => status === 'done')).toBe(true);
    const welcome = await lastMailTo(t, address());
    expect(welcome.kind).toBe('signup.open');
    const [mailedId, mailedKey = ''] = secretOf(welcome).split('.');
    expect(mailedId).toBe(id);
    const entered = await guest.post(`/signup/${id}/enter/`, undefined, withKey(mailedKey));
    const token = entered.body.url.split('/').at(-1);
    const school = visitor(t, `eluard-${counter}.localhost`);
    const accepted = await school.post(`/invitations/${token}/accept/`, {
      full_name: 'Camille Dupré',
      password: PASSWORD,
    });
    expect(accepted.body, accepted.text).toMatchObject({ email: address(), role: 'admin' });
    // From now on the way in is the log-in page: a request must not be a second key to the school.
    expect((await guest.post(`/signup/${id}/enter/`, undefined, key)).body.url).toBe(
      `http://eluard-${counter}.localhost:3000/login`,
    );
  });

  it('is refused with a reason, which is mailed; the name is free again', async () => {
    const { id, key } = await handedIn();
    const refused = await admin.post(`/signups/${id}/refuse/`, { reason: 'Nous ne vous connaissons pas.' });
    expect(refused.body).toMatchObject({ status: 'refused', reason: 'Nous ne vous connaissons pas.' });
    expect((await lastMailTo(t, address())).text).toContain('Nous ne vous connaissons pas.');
    expect((await guest.get(`/signup/${id}/`, withKey(key))).body).toMatchObject({
      status: 'refused',
      reason: 'Nous ne vous connaissons pas.',
    });
    await expectRefusal(t, () => admin.post(`/signups/${id}/approve/`, {}), { code: 'signup_decided' });
    const next = await proved();
    expect((await guest.post(`/signup/${next.id}/submit/`, details(), withKey(next.key))).status).toBe(200);
  });

  it('is opened by its own key alone', async () => {
    const { id, key } = await handedIn();
    counter += 1;
    const other = await handedIn();
    for (const wrong of ['x'.repeat(43), other.key]) {
      expectProblem(await guest.get(`/signup/${id}/`, withKey(wrong)), { code: 'link_unknown' });
      await expectRefusal(t, () => guest.post(`/signup/${id}/withdraw/`, undefined, withKey(wrong)), {
        code: 'link_unknown',
      });
    }
    expect((await guest.get(`/signup/${id}/`, from())).status).toBe(400);
    const withdrawn = await guest.post(`/signup/${id}/withdraw/`, undefined, withKey(key));
    expect(withdrawn.body.status).toBe('withdrawn');
  });

  it('proves the address within half an hour, by the code or by the link, which opens it again', async () => {
    const { body } = await guest.post('/signup/', wish(), from());
    const [id = '', link = ''] = secretOf(await lastMailTo(t, address())).split('.');
    expect(id).toBe(body.signup_id);
    // Before the proof nothing is to be seen.
    expectProblem(await guest.get(`/signup/${id}/`, withKey(link)), { code: 'link_unknown' });
    const verified = await guest.post('/signup/verify/', { signup_id: id, code: link }, from());
    expect(verified.body).toMatchObject({ key: link, signup: { status: 'proved' } });
    expect((await guest.get(`/signup/${id}/`, withKey(link))).body.status).toBe('proved');

    counter += 1;
    const late = await guest.post('/signup/', wish(), from());
    const code = codeOf(await lastMailTo(t, address()));
    await t.sql("UPDATE public.signups SET expires_at = now() - interval '1 second' WHERE id = $1", [
      late.body.signup_id,
    ]);
    await expectRefusal(
      t,
      () => guest.post('/signup/verify/', { signup_id: late.body.signup_id, code }, from()),
      { code: 'link_expired' },
    );
  });

  it('lets five wrong codes a mailbox pass, over all of its requests, and the link after that', async () => {
    const { body: first } = await guest.post('/signup/', wish(), from());
    const { body: second } = await guest.post(
      '/signup/',
      wish({ email: `demande-${counter}+2@example.org` }),
      from(),
    );
    const mail = await lastMailTo(t, address());
    const wrong = otherThan(codeOf(mail));
    for (const [at, id] of [first, second, first, second, first].entries()) {
      const answer = await guest.post('/signup/verify/', { signup_id: id.signup_id, code: wrong }, from());
      expectProblem(answer, { code: 'wrong_code' });
      expect(answer.body.detail).toContain(String(4 - at));
    }
    expectProblem(
      await guest.post('/signup/verify/', { signup_id: first.signup_id, code: codeOf(mail) }, from()),
      { code: 'wrong_code' },
    );
    const [, link] = secretOf(mail).split('.');
    expect(
      (await guest.post('/signup/verify/', { signup_id: first.signup_id, code: link }, from())).status,
    ).toBe(200);
  });
});

describe('names', () => {
  it('are one request’s: of two at once, one is told', async () => {
    const one = await proved();
    const two = await proved();
    const answers = await Promise.all(
      [one, two].map(({ id, key }) => guest.post(`/signup/${id}/submit/`, details(), withKey(key))),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expectProblem(answers.find(({ status }) => status === 409) as never, { code: 'subdomain_taken' });
  });

  it('are looked up by who has proved an address, so often, and say of all that is taken the same', async () => {
    const school = await createSchool(t);
    const { id, key } = await proved();
    const look = (subdomain: string) =>
      guest.post(`/signup/${id}/check_subdomain/`, { subdomain }, withKey(key));
    expect((await look('tout-neuf')).body).toEqual({
      subdomain: 'tout-neuf',
      available: true,
      problem: null,
      suggestion: null,
    });
    expect((await look(school.subdomain)).body).toMatchObject({
      available: false,
      suggestion: expect.stringMatching(`^${school.subdomain}-\\d+$`),
    });
    expect((await look('www')).body).toMatchObject({ available: false, suggestion: null });
    await t.sql('UPDATE public.signups SET checks = 40 WHERE id = $1', [id]);
    expectProblem(await look('encore'), { code: 'too_many_requests' });
    expectProblem(
      await guest.post(`/signup/${id}/check_subdomain/`, { subdomain: 'x' }, withKey('y'.repeat(43))),
      {
        code: 'link_unknown',
      },
    );
  });

  it.each([
    ['a reserved one', 'console', 'subdomain_reserved'],
    ['one that looks like it', 'c0nsole', 'subdomain_lookalike'],
    ['no label', '-x-', 'subdomain_format'],
  ])('cannot be %s', async (_, subdomain, code) => {
    const { id, key } = await proved();
    await expectRefusal(t, () => guest.post(`/signup/${id}/submit/`, details({ subdomain }), withKey(key)), {
      code: 'invalid_input',
      errors: { subdomain: code },
    });
  });

  it('that went to a school meanwhile stop the approval, which can name another', async () => {
    const { id } = await handedIn();
    await createSchool(t, { subdomain: `eluard-${counter}` });
    expect((await admin.get(`/signups/${id}/`)).body.subdomain_taken).toBe(true);
    await expectRefusal(t, () => admin.post(`/signups/${id}/approve/`, {}), { code: 'subdomain_taken' });
    const approved = await admin.post(`/signups/${id}/approve/`, { subdomain: `eluard-bis-${counter}` });
    expect(approved.body).toMatchObject({ status: 'approved', subdomain: `eluard-bis-${counter}` });
    await carryOut(id);
    expect((await admin.get(`/signups/${id}/`)).body).toMatchObject({
      status: 'open',
      subdomain_taken: false,
    });
  });

  it('that cannot become a school after the approval leave the request to be granted again', async () => {
    const school = await createSchool(t, { uai: '0750655E' });
    const { id } = await handedIn({ uai: '0750655E' });
    await admin.post(`/signups/${id}/approve/`, {});
    const job = await carryOut(id);
    expect(job).toMatchObject({ status: 'failed', failure: { step: 'school' } });
    const failed = (await admin.get(`/signups/${id}/`)).body;
    expect(failed).toMatchObject({ status: 'failed', tenant_id: null });
    await t.services.tenants.update(SYSTEM, school.id, { uai: null });
    await admin.post(`/signups/${id}/approve/`, {});
    expect((await carryOut(id)).status).toBe('done');
  });
});

describe('limits', () => {
  it('keep what a person does not see from programs that fill everything, without telling', async () => {
    const before = await t.sql('SELECT id FROM public.signups');
    const answer = await guest.post('/signup/', wish({ fax: '0102030405' }), from());
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body)).toEqual(['signup_id', 'expires_at']);
    expect(await t.sql('SELECT id FROM public.signups')).toEqual(before);
    expect(await mailsTo(t, address())).toEqual([]);
  });

  it('hold for a mailbox, however it is spelt, and for an address of the network', async () => {
    const own = counter;
    for (let n = 0; n < 5; n += 1)
      expect((await guest.post('/signup/', wish({ email: `a${own}+${n}@example.org` }), from())).status).toBe(
        200,
      );
    const sixth = await guest.post('/signup/', wish({ email: `a${own}@example.org` }), from());
    expectProblem(sixth, { code: 'too_many_requests' });
    expect(Number(sixth.headers['retry-after'])).toBeGreaterThan(3_600);
    for (let n = 0; n < 15; n += 1)
      await guest.post('/signup/', wish({ email: `b${own}-${n}@example.org` }), from());
    expectProblem(await guest.post('/signup/', wish({ email: `c${own}@example.org` }), from()), {
      code: 'too_many_requests',
    });
    counter += 1;
    expect((await guest.post('/signup/', wish({ email: `c${own}@example.org` }), from())).status).toBe(200);
  });

  it('hold for a day over all, to the last one', async () => {
    const [{ count } = { count: 0 }] = await t.sql<{ count: number }>(
      "SELECT count(*)::int AS count FROM public.signups WHERE created_at > now() - interval '24 hours'",
    );
    await policy({ requests_per_day: count + 2 });
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) =>
        guest.post('/signup/', wish({ email: `d${counter}-${n}@example.org` }), from(200 + n)),
      ),
    );
    await policy({ requests_per_day: 200 });
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 429, 429]);
  });

  it('close the way in altogether', async () => {
    const { id, key } = await proved();
    await policy({ policy: 'closed' });
    expect((await guest.get('/signup/options/')).body).toEqual({ policy: 'closed' });
    await expectRefusal(t, () => guest.post('/signup/', wish(), from()), { code: 'signup_closed' });
    await expectRefusal(t, () => guest.post(`/signup/${id}/submit/`, details(), withKey(key)), {
      code: 'signup_closed',
    });
    await policy({ policy: 'approval' });
  });
});

describe('a policy that grants by itself', () => {
  it('does so for its domains, so many a day; the others wait', async () => {
    await policy({ policy: 'automatic', automatic_per_day: 1, automatic_domains: ['Example.org'] });
    const granted = await handedIn();
    await carryOut(granted.id);
    expect((await admin.get(`/signups/${granted.id}/`)).body).toMatchObject({
      status: 'open',
      decided_by: 'system',
    });
    counter += 1;
    const second = await handedIn();
    expect((await admin.get(`/signups/${second.id}/`)).body.status).toBe('waiting');
    await policy({ automatic_per_day: 100, automatic_domains: ['ac-paris.fr'] });
    counter += 1;
    const elsewhere = await handedIn();
    expect((await admin.get(`/signups/${elsewhere.id}/`)).body.status).toBe('waiting');
    await policy({ policy: 'approval', automatic_domains: [] });
  });
});

describe('a job that was killed', () => {
  it('goes on with the school that it had entered', async () => {
    const { id } = await handedIn();
    const signup = await t.services.signupDecisions.get(id);
    // What the attempt before had come to: the school entered, and the mark of it.
    const school = await createSchool(t, { subdomain: `eluard-${counter}`, provisioned: false });
    await t.sql('UPDATE public.signups SET tenant_id = $2 WHERE id = $1', [id, school.id]);
    await admin.post(`/signups/${id}/approve/`, {});
    await carryOut(id);
    const after = await t.services.signupDecisions.get(id);
    expect(after).toMatchObject({ status: 'open', tenant_id: school.id, email: signup.email });
  });
});

describe('rows', () => {
  it('of who never proved, and of what was answered long ago, are forgotten', async () => {
    await guest.post('/signup/', wish(), from());
    const { id } = await handedIn({ subdomain: `garde-${counter}` });
    await t.sql(
      "UPDATE public.signups SET created_at = now() - interval '3 days' WHERE status IN ('asked', 'waiting')",
    );
    await t.services.signupDecisions.sweep();
    expect(await t.sql("SELECT id FROM public.signups WHERE status = 'asked'")).toEqual([]);
    expect(await t.services.signupDecisions.get(id)).toMatchObject({ status: 'waiting' });
    await t.sql(
      "UPDATE public.signups SET status = 'refused', decided_at = now() - interval '61 days' WHERE id = $1",
      [id],
    );
    await t.services.signupDecisions.sweep();
    expectProblem(await admin.get(`/signups/${id}/`), { code: 'not_found' });
  });
});
