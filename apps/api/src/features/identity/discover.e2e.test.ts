import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loggedIn } from '../../../test/support/account-samples.ts';
import { freshAddress, postFrom } from '../../../test/support/addresses.ts';
import { addMember, addUser, createSchool } from '../../../test/support/builders.ts';
import { superadmin } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { lastMailTo, mailsTo } from '../../../test/support/mailbox.ts';
import { expectProblem } from '../../../test/support/refusals.ts';
import { workOf } from '../../../test/support/same-work.ts';

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
});
afterAll(() => t.close());

const discover = (email: string, host = t.base) =>
  postFrom(t, freshAddress(), host, '/auth/discover/', { email });

describe('finding one’s schools', () => {
  it('mails an address the schools it belongs to, closed ones too, and nothing to strangers', async () => {
    const person = await addUser(t);
    const lycee = await createSchool(t, { school_name: 'Lycée <b>Ampère</b>' });
    const college = await createSchool(t, { school_name: 'Collège Jean Moulin' });
    const gone = await createSchool(t, { school_name: 'École des Tilleuls' });
    for (const school of [lycee, college, gone]) await addMember(t, school, 'parent', person);
    await (await superadmin(t)).delete(`/tenants/${gone.id}/`);
    expect((await discover(person.email)).status).toBe(204);
    const { text, html } = await lastMailTo(t, person.email);
    expect(text).toContain(`http://${lycee.host}:3000/login`);
    expect(text).toContain('Collège Jean Moulin');
    expect(text).not.toContain('Tilleuls');
    expect(html).not.toContain('<b>');
    await discover('personne@nulle-part.example');
    expect(await mailsTo(t, 'personne@nulle-part.example')).toEqual([]);
    expect(await t.sql("SELECT 1 FROM public.mails WHERE recipient = 'personne@nulle-part.example'")).toEqual(
      [],
    );
  });

  it('answers alike, after the same work, whoever asks about whom', async () => {
    const school = await createSchool(t);
    const { email } = await addMember(t, school, 'teacher');
    await discover('un@nulle-part.example');
    const seen: unknown[] = [];
    for (const address of ['deux@nulle-part.example', email])
      seen.push(
        await workOf(async () => {
          const { status, text, headers } = await discover(address);
          expect([status, text]).toEqual([204, '']);
          expect(headers['content-length']).toBeUndefined();
        }),
      );
    expect(seen[1]).toEqual(seen[0]);
    expect(await mailsTo(t, email)).toHaveLength(1);
  });

  it('is done by a job, not by the request', async () => {
    const working = await createTestApp({ jobs: [] });
    const school = await createSchool(working);
    const { email } = await addMember(working, school, 'teacher');
    await postFrom(working, freshAddress(), working.base, '/auth/discover/', { email });
    await expect
      .poll(() => working.sql('SELECT status, attempts FROM public.mails WHERE recipient = $1', [email]), {
        timeout: 10_000,
      })
      .toEqual([{ status: 'kept', attempts: 1 }]);
    await working.close();
  });

  it('is not asked at a school', async () => {
    const school = await createSchool(t);
    expectProblem(await discover('un@example.org', school.host), { code: 'not_found' });
  });
});

describe('the schools of who is logged in', () => {
  it('are those of a member, with their addresses and this one marked; not those where one waits', async () => {
    const person = await addUser(t);
    const [here, there, waiting] = [await createSchool(t), await createSchool(t), await createSchool(t)];
    await addMember(t, here, 'teacher', person);
    await addMember(t, there, 'parent', person);
    await t.sql(
      "INSERT INTO public.memberships (user_id, tenant_id, role, status) VALUES ($1, $2, 'parent', 'pending')",
      [person.id, waiting.id],
    );
    const { body } = await (await loggedIn(t, here.host, person.email)).get('/auth/schools/');
    const found = (body.results as { id: string; role: string; url: string; current: boolean }[]).map(
      ({ id, role, url, current }) => ({ id, role, url, current }),
    );
    expect(found.toSorted((a, b) => Number(b.current) - Number(a.current))).toEqual([
      { id: here.id, role: 'teacher', url: `http://${here.host}:3000`, current: true },
      { id: there.id, role: 'parent', url: `http://${there.host}:3000`, current: false },
    ]);
  });
});
