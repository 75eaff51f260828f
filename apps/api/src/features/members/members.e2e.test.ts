import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMember, createSchool, type School } from '../../../test/support/builders.ts';
import {
  type Client,
  member,
  schoolAdmin,
  student,
  superadmin,
  teacher,
  visitor,
} from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { lastMailTo } from '../../../test/support/mailbox.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';
import { addWaiting } from '../../../test/support/samples.ts';

let t: TestApp;
/** Another process on the same database. */
let elsewhere: TestApp;
let school: School;
let head: Client & { userId: string; email: string };
beforeAll(async () => {
  t = await createTestApp();
  elsewhere = await createTestApp({ fresh: t.fresh });
});
afterAll(async () => {
  await elsewhere.close();
  await t.close();
});

async function freshSchool(): Promise<void> {
  school = await createSchool(t);
  head = await schoolAdmin(t, school);
}
const counts = async () =>
  (
    await t.sql(
      `SELECT total_users, admin_count, teacher_count, student_count, parent_count, staff_count
       FROM public.tenant_usage WHERE tenant_id = $1`,
      [school.id],
    )
  )[0];
const auditOf = (action: string) =>
  t.sql<{ actor_label: string; target_id: string; before: any; after: any }>(
    'SELECT * FROM public.audit_log WHERE tenant_id = $1 AND action = $2 ORDER BY seq',
    [school.id, action],
  );
/** The same person at the other process. */
const atOther = (client: Client) => ({
  get: (path: string) =>
    elsewhere.app.inject({
      method: 'GET',
      url: `/api/v1${path}`,
      headers: { host: client.host, ...client.headers },
    }),
});
const sessionOf = async ({ userId }: { userId: string }): Promise<string> =>
  (
    await t.sql<{ id: string }>('SELECT id FROM public.sessions WHERE user_id = $1 AND tenant_id = $2', [
      userId,
      school.id,
    ])
  )[0]?.id ?? '';

describe('the list of members', () => {
  beforeAll(async () => {
    await freshSchool();
    for (const [role, name, title] of [
      ['teacher', 'Élodie Garçon', 'Mathématiques'],
      ['teacher', 'Bruno Petit', null],
      ['student', 'élise Martin', null],
      ['parent', 'Zoé 100% Martin', null],
    ] as const) {
      const { id } = await addMember(t, school, role);
      await t.sql('UPDATE public.users SET full_name = $2 WHERE id = $1', [id, name]);
      await t.sql('UPDATE public.memberships SET title = $2 WHERE user_id = $1', [id, title]);
    }
    await addWaiting(t, school);
    await addMember(t, await createSchool(t), 'teacher');
  });
  const names = async (query: Record<string, string>) =>
    (await head.get('/members/', { query })).body.results.map(
      ({ full_name }: { full_name: string }) => full_name,
    );

  it('holds those of this school alone, with what they are', async () => {
    const { status, body } = await head.get('/members/');
    expect(status).toBe(200);
    expect(body).toMatchObject({ count: 6, next: null, previous: null });
    expect(body.results.find(({ id }: { id: string }) => id === head.userId)).toMatchObject({
      email: head.email,
      role: 'admin',
      status: 'active',
      open_sessions: 1,
      last_active_on: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    });
  });

  it('is found in by name, address and title, without case and accents', async () => {
    expect(await names({ search: 'ELODIE gar' })).toEqual(['Élodie Garçon']);
    expect(await names({ search: 'mathe' })).toEqual(['Élodie Garçon']);
    expect(await names({ search: head.email })).toEqual(['Camille Dupré']);
    expect(await names({ search: '%' })).toEqual(['Zoé 100% Martin']);
    expect(await names({ search: '_' })).toEqual([]);
    expect(await names({ search: "'; DROP TABLE x" })).toEqual([]);
  });

  it('is filtered by role and state', async () => {
    expect(await names({ role: 'teacher', status: 'active' })).toEqual(['Bruno Petit', 'Élodie Garçon']);
    expect(await names({ role: 'student', status: 'pending' })).toEqual([]);
    expect((await head.get('/members/', { query: { status: 'pending' } })).body.count).toBe(1);
    expectProblem(await head.get('/members/', { query: { role: 'superadmin' } }), { code: 'invalid_input' });
  });

  it('is ordered and paged', async () => {
    expect(await names({ ordering: '-full_name', page_size: '2', status: 'active' })).toEqual([
      'Zoé 100% Martin',
      'Élodie Garçon',
    ]);
    const { body } = await head.get('/members/', { query: { ordering: 'role', page: 2, page_size: 2 } });
    expect(body.results.map(({ role }: { role: string }) => role)).toEqual(['teacher', 'teacher']);
    expect(body.previous).toContain('ordering=role');
    expect((await visitor(t, school.host).send({ method: 'GET', url: body.next })).status).toBe(401);
    expectProblem(await head.get('/members/', { query: { ordering: 'password_hash' } }), {
      code: 'invalid_input',
      errors: { ordering: 'unknown_ordering' },
    });
  });

  it('is read by a super-admin from the console, and the school’s audit tells', async () => {
    const admin = await superadmin(t);
    const { body } = await admin.get(`/tenants/${school.id}/members/`, { query: { role: 'parent' } });
    expect(body).toMatchObject({ count: 1, results: [{ full_name: 'Zoé 100% Martin' }] });
    expect((await auditOf('member.list')).at(-1)).toMatchObject({
      actor_label: 'admin@example.org',
      after: { role: 'parent' },
    });
    expectProblem(await admin.get('/tenants/01890000-0000-7000-8000-000000000000/members/'), {
      code: 'not_found',
    });
  });
});

describe('a member', () => {
  beforeAll(freshSchool);

  it('gets another role; the counters and the audit follow', async () => {
    const { userId, email } = await teacher(t, school);
    const { status, body } = await head.patch(`/members/${userId}/`, {
      role: 'staff',
      title: '  Vie scolaire ',
      phone: '0123456789',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: userId, role: 'staff', title: 'Vie scolaire', open_sessions: 0 });
    expect(await counts()).toMatchObject({ total_users: 2, teacher_count: 0, staff_count: 1 });
    expect((await auditOf('member.update')).at(-1)).toMatchObject({
      actor_label: head.email,
      target_id: userId,
      before: { email, role: 'teacher', title: null },
      after: { email, role: 'staff', title: 'Vie scolaire' },
    });
    await head.delete(`/members/${userId}/`);
  });

  it('keeps their sessions when only their title changes', async () => {
    const person = await teacher(t, school);
    const answer = await head.patch(`/members/${person.userId}/`, { title: 'Histoire' });
    expect(answer.body).toMatchObject({ title: 'Histoire', open_sessions: 1 });
    expect((await person.get('/auth/me/')).status).toBe(200);
    expect((await head.patch(`/members/${person.userId}/`, { title: null })).body.title).toBeNull();
    await head.delete(`/members/${person.userId}/`);
  });

  it.each([
    ['a new role', (id: string) => head.patch(`/members/${id}/`, { role: 'parent' })],
    ['removal', (id: string) => head.delete(`/members/${id}/`)],
    ['the end of their sessions', (id: string) => head.post(`/members/${id}/sessions/end/`)],
  ])('is logged out by %s, at every process within a second', async (_, change) => {
    const person = await teacher(t, school);
    const there = await createSchool(t);
    const other = await member(t, there, 'teacher');
    await t.sql('UPDATE public.sessions SET user_id = $1 WHERE user_id = $2', [person.userId, other.userId]);
    await addMember(t, there, 'teacher', { id: person.userId } as never);
    // Both processes know the session.
    expect((await person.get('/auth/me/')).status).toBe(200);
    expect((await atOther(person).get('/auth/me/')).statusCode).toBe(200);
    const heard = elsewhere.hears('session', await sessionOf(person));
    const began = performance.now();
    expect((await change(person.userId)).status).toBeLessThan(300);
    await heard;
    expect(performance.now() - began).toBeLessThan(1_000);
    expectProblem(await person.get('/auth/me/'), { code: 'not_authenticated' });
    expect((await atOther(person).get('/auth/me/')).statusCode).toBe(401);
    // What they are at another school is none of this one's business.
    expect((await other.get('/auth/me/')).status).toBe(200);
  });

  it('that is removed keeps the account and may be invited again', async () => {
    const { userId } = await student(t, school);
    expect((await head.delete(`/members/${userId}/`)).status).toBe(204);
    expectProblem(await head.get(`/members/${userId}/`), { code: 'not_found' });
    expect(await t.sql('SELECT 1 FROM public.users WHERE id = $1', [userId])).toHaveLength(1);
    expect((await auditOf('member.remove')).at(-1)).toMatchObject({
      target_id: userId,
      before: { role: 'student' },
      after: null,
    });
    await expectRefusal(t, () => head.delete(`/members/${userId}/`), { code: 'not_found' });
  });

  it('is changed at the version that was read', async () => {
    const { userId } = await teacher(t, school);
    const { headers } = await head.get(`/members/${userId}/`);
    const etag = headers['etag'] ?? '';
    expect((await head.get(`/members/${userId}/`, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const asked = { headers: { 'if-match': etag } };
    expect((await head.patch(`/members/${userId}/`, { title: 'a' }, asked)).status).toBe(200);
    await expectRefusal(t, () => head.patch(`/members/${userId}/`, { title: 'b' }, asked), {
      code: 'precondition_failed',
    });
    await expectRefusal(t, () => head.delete(`/members/${userId}/`, asked), { code: 'precondition_failed' });
  });

  it('becomes nothing that a school does not have', async () => {
    const { userId } = await teacher(t, school);
    for (const id of [userId, head.userId])
      await expectRefusal(t, () => head.patch(`/members/${id}/`, { role: 'superadmin' }), {
        code: 'invalid_input',
        errors: { role: 'enum' },
      });
    await expectRefusal(t, () => head.patch(`/members/${userId}/`, { is_superadmin: true }), {
      code: 'invalid_input',
      errors: { is_superadmin: 'unknown_field' },
    });
    expect((await t.sql('SELECT 1 FROM public.users WHERE is_superadmin')).length).toBe(1);
  });

  it('does not become a student without a seat', async () => {
    await t.sql('UPDATE public.tenants SET max_students = 1 WHERE id = $1', [school.id]);
    const { userId } = await teacher(t, school);
    const first = await teacher(t, school);
    const answers = await Promise.all(
      [userId, first.userId].map((id) => head.patch(`/members/${id}/`, { role: 'student' })),
    );
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', '409']);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'seats_exhausted',
      limit: 1,
      used: 1,
    });
  });
});

describe('the last administrator', () => {
  it('is neither demoted nor removed', async () => {
    await freshSchool();
    await expectRefusal(t, () => head.patch(`/members/${head.userId}/`, { role: 'teacher' }), {
      code: 'last_admin',
    });
    await expectRefusal(t, () => head.delete(`/members/${head.userId}/`), { code: 'last_admin' });
    expect((await head.patch(`/members/${head.userId}/`, { title: 'Direction' })).status).toBe(200);
    await member(t, school, 'admin');
    expect((await head.patch(`/members/${head.userId}/`, { role: 'teacher' })).status).toBe(200);
    expectProblem(await head.get('/members/'), { code: 'not_authenticated' });
  });

  it.each([2, 3])('of %i who demote one another at once, one wins', async (number) => {
    for (let round = 0; round < 5; round += 1) {
      await freshSchool();
      const admins = [
        head,
        ...(await Promise.all(Array.from({ length: number - 1 }, () => schoolAdmin(t, school)))),
      ];
      const [one, two] = admins as [typeof head, typeof head];
      const answers = await Promise.all([
        one.patch(`/members/${two.userId}/`, { role: 'teacher' }),
        elsewhere.app.inject({
          method: 'PATCH',
          url: `/api/v1/members/${one.userId}/`,
          headers: { host: school.host, ...two.headers },
          payload: { role: 'teacher' },
        }),
      ]);
      const statuses = answers.map((answer) => ('status' in answer ? answer.status : answer.statusCode));
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect(statuses.some((status) => [401, 403].includes(status))).toBe(true);
      expect(await counts()).toMatchObject({ admin_count: number - 1, teacher_count: 1 });
    }
  });
});

describe('somebody who asked to be admitted', () => {
  let waiting: string;
  const email = async () =>
    (await t.sql<{ email: string }>('SELECT email FROM public.users WHERE id = $1', [waiting]))[0]?.email ??
    '';
  beforeAll(freshSchool);
  const ask = async () => {
    waiting = await addWaiting(t, school);
  };

  it('is admitted in the role that the school gives, and told', async () => {
    await ask();
    const { status, body } = await head.post(`/members/${waiting}/approve/`, { role: 'staff' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: waiting, role: 'staff', status: 'active' });
    expect(await counts()).toMatchObject({ total_users: 2, staff_count: 1 });
    expect((await auditOf('member.approve')).at(-1)).toMatchObject({
      before: { role: 'teacher', status: 'pending' },
      after: { role: 'staff', status: 'active' },
    });
    const mail = await lastMailTo(t, await email());
    expect(mail.subject).toBe('Votre inscription est acceptée : Lycée Victor Hugo');
    expect(mail.text).toContain(`http://${school.host}:3000/login`);
    await expectRefusal(t, () => head.post(`/members/${waiting}/approve/`), { code: 'already_member' });
    await expectRefusal(t, () => head.post(`/members/${waiting}/refuse/`), { code: 'already_member' });
  });

  it('is turned down with a reason, and may ask again', async () => {
    await ask();
    expect((await head.post(`/members/${waiting}/refuse/`, { reason: 'Classe <complète>' })).status).toBe(
      204,
    );
    const mail = await lastMailTo(t, await email());
    expect(mail.text).toContain('Classe <complète>');
    expect(mail.html).not.toContain('<complète>');
    expectProblem(await head.get(`/members/${waiting}/`), { code: 'not_found' });
    expect((await auditOf('member.refuse')).at(-1)?.after).toEqual({ reason: 'Classe <complète>' });
    expect(await counts()).toMatchObject({ total_users: 2 });
  });

  it('is no member yet for anything else', async () => {
    await ask();
    await expectRefusal(t, () => head.patch(`/members/${waiting}/`, { role: 'admin' }), {
      code: 'member_waiting',
    });
    await expectRefusal(t, () => head.delete(`/members/${waiting}/`), { code: 'member_waiting' });
  });

  it('approved and refused at once is one of the two', async () => {
    await ask();
    const answers = await Promise.all([
      head.post(`/members/${waiting}/approve/`),
      head.post(`/members/${waiting}/refuse/`),
    ]);
    const ok = answers.map(({ status }) => status < 300);
    expect(ok.filter(Boolean)).toHaveLength(1);
    const rows = await t.sql('SELECT 1 FROM public.memberships WHERE user_id = $1', [waiting]);
    expect(rows).toHaveLength(ok[0] ? 1 : 0);
  });

  it('as a student waits until there is a seat', async () => {
    await ask();
    await t.sql('UPDATE public.tenants SET max_students = 1 WHERE id = $1', [school.id]);
    await addMember(t, school, 'student');
    await expectRefusal(t, () => head.post(`/members/${waiting}/approve/`, { role: 'student' }), {
      code: 'seats_exhausted',
    });
  });
});
