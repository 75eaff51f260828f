import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cookiesOf, freshAddress, logInAt, postFrom } from '../../../test/support/addresses.ts';
import { addMember, addUser, createSchool, PASSWORD, type School } from '../../../test/support/builders.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { lastMailTo, secretOf } from '../../../test/support/mailbox.ts';
import { expectProblem } from '../../../test/support/refusals.ts';

let t: TestApp;
let school: School;
beforeAll(async () => {
  t = await createTestApp();
  school = await createSchool(t);
});
afterAll(() => t.close());

const NEXT = 'huit loutres dans la rivière';
const attempt = (address: string, email: string, password: string, cookie?: string) =>
  postFrom(t, address, school.host, '/auth/login/', { email, password }, cookie ? { cookie } : {});

/** Nine wrong passwords, below the limit of a minute, from each of as many addresses as it takes. */
async function besiege(email: string): Promise<void> {
  for (let count = 0; count < 54; count += 9) {
    const address = freshAddress();
    await Promise.all(Array.from({ length: 9 }, () => attempt(address, email, 'faux')));
  }
}

describe('many wrong passwords from many addresses', () => {
  it('close an account to strange browsers for a while, and not to one that was in it before', async () => {
    const { email } = await addMember(t, school, 'teacher');
    const device = cookiesOf(await logInAt(t, school.host, email, PASSWORD))
      .split('; ')
      .find((cookie) => cookie.startsWith('preau_device='));
    await besiege(email);
    const strange = await attempt(freshAddress(), email, PASSWORD);
    expectProblem(strange, { code: 'too_many_requests' });
    expect(Number(strange.headers['retry-after'])).toBeGreaterThan(60);
    expect((await attempt(freshAddress(), email, PASSWORD, device)).status).toBe(200);
    // Of somebody else's account the mark says nothing.
    const { email: other } = await addMember(t, school, 'teacher');
    await besiege(other);
    expectProblem(await attempt(freshAddress(), other, PASSWORD, device), { code: 'too_many_requests' });
  });

  it('leave the way in by the mailbox, from any browser', async () => {
    const { email } = await addMember(t, school, 'teacher');
    await besiege(email);
    const address = freshAddress();
    expectProblem(await attempt(address, email, PASSWORD), { code: 'too_many_requests' });
    await postFrom(t, address, school.host, '/auth/password/reset/', { email });
    const token = secretOf(await lastMailTo(t, email));
    const chosen = await postFrom(t, address, school.host, '/auth/password/reset/confirm/', {
      token,
      password: NEXT,
    });
    expect(chosen.status).toBe(204);
    expect((await attempt(address, email, NEXT, cookiesOf(chosen))).status).toBe(200);
  });
});

describe('wrong passwords from the address of the school', () => {
  it('keep neither the owner’s browser nor other people out', async () => {
    const { email } = await addMember(t, school, 'teacher');
    const { email: colleague } = await addMember(t, school, 'teacher');
    const address = freshAddress();
    const device = cookiesOf(await attempt(address, email, PASSWORD));
    for (let count = 0; count < 12; count += 1) await attempt(address, email, 'faux');
    expectProblem(await attempt(address, email, PASSWORD), { code: 'too_many_requests' });
    expect((await attempt(address, email, PASSWORD, device)).status).toBe(200);
    expect((await attempt(address, colleague, PASSWORD)).status).toBe(200);
  });

  it('from a known browser are counted as well', async () => {
    const { email } = await addMember(t, school, 'teacher');
    const device = cookiesOf(await logInAt(t, school.host, email, PASSWORD));
    for (let count = 0; count < 10; count += 1)
      expectProblem(await attempt(freshAddress(), email, 'faux', device), { code: 'invalid_credentials' });
    expectProblem(await attempt(freshAddress(), email, PASSWORD, device), { code: 'too_many_requests' });
  });

  it('are forgotten with the right one', async () => {
    const { email } = await addMember(t, school, 'teacher');
    for (let count = 0; count < 60; count += 1) {
      const answer = await attempt(freshAddress(), email, PASSWORD);
      expect(answer.status).toBe(200);
    }
  });
});

describe('a mark of known browsers', () => {
  it('that is made up helps nobody, and opens nothing', async () => {
    const { email } = await addMember(t, school, 'teacher');
    await besiege(email);
    for (const cookie of ['preau_device=abc.def', 'preau_device=', `preau_device=${'~'.repeat(50)}`])
      expectProblem(await attempt(freshAddress(), email, PASSWORD, cookie), { code: 'too_many_requests' });
  });

  it('has no Domain, is HttpOnly, SameSite=Lax and Secure behind https', async () => {
    const safe = await createTestApp({ scheme: 'https', baseDomain: 'preau.example' });
    const at = await createSchool(safe);
    const { email } = await addMember(safe, at, 'teacher');
    const { cookies } = await logInAt(safe, at.host, email, PASSWORD);
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Host-preau_(?:session|device)=/);
      expect(cookie).toMatch(/; HttpOnly/);
      expect(cookie).toMatch(/; SameSite=Lax/);
      expect(cookie).toMatch(/; Secure/);
      expect(cookie).not.toMatch(/Domain/i);
    }
    await safe.close();
  });
});

describe('mails that are asked for', () => {
  it('are five an hour for an address at an address, and more from elsewhere', async () => {
    const { email } = await addUser(t);
    const address = freshAddress();
    const ask = (from: string, to = email) =>
      postFrom(t, from, school.host, '/auth/password/reset/', { email: to });
    for (let count = 0; count < 5; count += 1) expect((await ask(address)).status).toBe(204);
    const refused = await ask(address);
    expectProblem(refused, { code: 'too_many_requests' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(60);
    expect((await ask(freshAddress())).status).toBe(204);
    expect((await ask(address, 'autre@example.org')).status).toBe(204);
  });
});
