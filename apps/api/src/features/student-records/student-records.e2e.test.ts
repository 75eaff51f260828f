import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMember, createSchool, type School } from '../../../test/support/builders.ts';
import { member, schoolAdmin, schoolKey, visitor, type Client } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { endOfJob } from '../../../test/support/jobs.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';
import {
  addClass,
  addGuardian,
  addStaff,
  addStudent,
  addYear,
  currentYear,
} from '../../../test/support/roster-samples.ts';

let t: TestApp;
let school: School;
let head: Client & { userId: string };
beforeAll(async () => {
  t = await createTestApp({ jobs: [] });
  school = await createSchool(t);
  head = await schoolAdmin(t, school);
  await currentYear(head);
});
afterAll(() => t.close());

const names = ({ body }: { body: { results: { first_name: string }[] } }): string[] =>
  body.results.map(({ first_name }) => first_name);
const seatsTaken = async (by: Client): Promise<number> => (await by.get('/student-seats/')).body.used;
const groupOf = async (classId: string): Promise<string[]> => {
  const { group_id: id } = (await head.get(`/classes/${classId}/`)).body;
  const rows = await t.sql<{ user_id: string }>(
    `SELECT user_id FROM ${school.schemaName}.group_members WHERE group_id = $1 ORDER BY 1`,
    [id],
  );
  return rows.map(({ user_id }) => user_id);
};
const tie = async (path: string, email: string) =>
  expect((await head.post(`${path}invite/`, { email })).body).toMatchObject({ status: 'tied' });

describe('the roster', () => {
  it('is found without accents or case, and by class and year', async () => {
    const place = await addClass(head, '6e Recherche');
    await addStudent(head, { last_name: 'Lefèvre-Ünal', first_name: 'Zoé', class_id: place });
    await addStudent(head, { last_name: 'Autre', first_name: 'Nom' });
    expect(names(await head.get('/students/', { query: { search: 'zoe UNAL' } }))).toEqual(['Zoé']);
    expect(names(await head.get('/students/', { query: { class: place } }))).toEqual(['Zoé']);
    const later = await addYear(head);
    expect(
      (await head.get('/students/', { query: { search: 'zoe', school_year: later } })).body.results[0].class,
    ).toBeNull();
    expect(
      names(await head.get('/students/', { query: { without_class: true, search: 'lefevre' } })),
    ).toEqual([]);
    expect((await head.get('/students/', { query: { search: '%' } })).body.count).toBe(0);
  });

  it('takes no birth that is to come, and one of today', async () => {
    const born = (birth_date: string) => ({ last_name: 'Demain', first_name: 'Ada', birth_date });
    await expectRefusal(t, () => head.post('/students/', born('2941-01-01')), {
      code: 'invalid_input',
      errors: { birth_date: 'past_date' },
    });
    const today = new Date().toISOString().slice(0, 10);
    expect((await head.post('/students/', born(today))).status).toBe(201);
  });

  it('keeps who changed what, without telling the trail personal data', async () => {
    const id = await addStudent(head, { last_name: 'Secretissime', email: 'secretissime@example.org' });
    const read = await head.get(`/students/${id}/`);
    const changed = await head.patch(
      `/students/${id}/`,
      { last_name: 'Discretissime', phone: '0123456789' },
      { headers: { 'if-match': read.headers.etag ?? '' } },
    );
    expect(changed.body.last_name).toBe('Discretissime');
    expectProblem(
      await head.patch(
        `/students/${id}/`,
        { phone: null },
        { headers: { 'if-match': read.headers.etag ?? '' } },
      ),
      { code: 'precondition_failed' },
    );
    const rows = await t.sql<{ action: string; text: string }>(
      'SELECT action, l::text AS text FROM audit.log l WHERE target_id = $1 ORDER BY seq',
      [id],
    );
    expect(rows.map(({ action }) => action)).toEqual(['student.create', 'student.update']);
    for (const { text } of rows) expect(text).not.toMatch(/secretissime|discretissime|0123456789/i);
    expect(rows[1]?.text).toContain('last_name');
  });

  it('refuses a second student of a number, and a class of a name the year has', async () => {
    await addStudent(head, { external_id: 'DOUBLE1' });
    await expectRefusal(
      t,
      () => head.post('/students/', { last_name: 'x', first_name: 'y', external_id: 'DOUBLE1' }),
      { code: 'student_known' },
    );
    await addClass(head, '5e Unique');
    await expectRefusal(t, () => head.post('/classes/', { name: '5E UNIQUE' }), { code: 'invalid_input' });
  });
});

describe('who answers for a student', () => {
  it('is corrected, and so is what they may do; the trail says what changed and not to what', async () => {
    const kid = await addStudent(head, { first_name: 'Corrigé' });
    const guardian = await addGuardian(head, { last_name: 'Fautte', email: 'avant@example.org' });
    await head.put(`/students/${kid}/guardians/${guardian}/`, { relation: 'mother', may_collect: true });
    const body = { last_name: ' Faute ', email: 'apres@example.org' };
    const [{ version }] = (await head.get(`/students/${kid}/`)).body.guardians;
    const read = { headers: { 'if-match': `"v${version}"` } };
    expect((await head.patch(`/guardians/${guardian}/`, body, read)).status).toBe(200);
    expectProblem(await head.patch(`/guardians/${guardian}/`, body, read), { code: 'precondition_failed' });
    await head.put(`/students/${kid}/guardians/${guardian}/`, { relation: 'guardian' });
    expect((await head.get(`/students/${kid}/`)).body.guardians).toMatchObject([
      {
        id: guardian,
        last_name: 'Faute',
        email: 'apres@example.org',
        relation: 'guardian',
        may_collect: false,
      },
    ]);
    const rows = await t.sql<{ action: string; text: string }>(
      'SELECT action, l::text AS text FROM audit.log l WHERE target_id = $1 ORDER BY seq',
      [guardian],
    );
    expect(rows.map(({ action }) => action)).toEqual(['guardian.create', 'guardian.update']);
    expect(rows[1]?.text).toContain('changed');
    expect(rows[1]?.text).not.toMatch(/Faute|apres@/);
    for (const role of ['parent', 'teacher'] as const) {
      const reader = await member(t, school, role);
      await expectRefusal(t, () => reader.patch(`/guardians/${guardian}/`, { phone: null }), {
        code: 'permission_denied',
      });
    }
  });
});

describe('who reads whom', () => {
  let parent: Client & { userId: string; email: string };
  let pupil: Client & { userId: string; email: string };
  let teaching: Client & { userId: string; email: string };
  let place: string;
  let child: string;
  let other: string;
  beforeAll(async () => {
    [parent, pupil, teaching] = [
      await member(t, school, 'parent'),
      await member(t, school, 'student'),
      await member(t, school, 'teacher'),
    ];
    place = await addClass(head, '4e Portée');
    child = await addStudent(head, { first_name: 'Enfant', class_id: place });
    other = await addStudent(head, { first_name: 'Inconnu', external_id: 'AILLEURS' });
    const mother = await addGuardian(head, { email: 'mere@example.org', phone: '0123456789' });
    const father = await addGuardian(head, { email: 'pere@example.org', phone: '0123456780' });
    await head.put(`/students/${child}/guardians/${mother}/`, { relation: 'mother' });
    await head.put(`/students/${child}/guardians/${father}/`, { relation: 'father' });
    await tie(`/guardians/${mother}/`, parent.email);
    await tie(`/students/${child}/`, pupil.email);
    const staff = await addStaff(head, { subject: 'Maths' });
    await tie(`/staff/${staff}/`, teaching.email);
    await head.put(`/classes/${place}/teachers/`, { teachers: [{ staff_id: staff, is_main: true }] });
  });

  it('a parent their children, a student themself, a teacher their classes: others are not found', async () => {
    for (const reader of [parent, pupil, teaching]) {
      expect(names(await reader.get('/students/'))).toEqual(['Enfant']);
      expect((await reader.get(`/students/${child}/`)).status).toBe(200);
      expectProblem(await reader.get(`/students/${other}/`), { code: 'not_found' });
      expect((await reader.get('/students/', { query: { search: 'ailleurs' } })).body.count).toBe(0);
      const classes = (await reader.get('/classes/')).body.results;
      expect(classes.map((one: { id: string }) => one.id)).toEqual([place]);
      await expectRefusal(t, () => reader.patch(`/students/${child}/`, { first_name: 'x' }), {
        code: 'permission_denied',
      });
      expectProblem(await reader.get('/guardians/'), { code: 'permission_denied' });
    }
  });

  it('one parent is not told where the other lives or is called; a teacher is', async () => {
    const seen = (await parent.get(`/students/${child}/`)).body.guardians;
    expect(seen.map(({ email }: { email: string | null }) => email).toSorted()).toEqual([
      'mere@example.org',
      null,
    ]);
    const child1 = (await pupil.get(`/students/${child}/`)).body;
    expect(child1.guardians.every(({ phone }: { phone: string | null }) => phone === null)).toBe(true);
    expect((await teaching.get(`/students/${child}/`)).body.guardians).toHaveLength(2);
    expect((await teaching.get(`/students/${child}/`)).text).toContain('0123456780');
  });

  it('strangers of the same roles see nobody, staff and keys with the right see all', async () => {
    for (const role of ['parent', 'student', 'teacher'] as const)
      expect((await (await member(t, school, role)).get('/students/')).body.count).toBe(0);
    const key = await schoolKey(t, school, ['records:read']);
    const all = (await head.get('/students/')).body.count;
    expect((await key.get('/students/')).body.count).toBe(all);
    expect((await (await member(t, school, 'staff')).get('/students/')).body.count).toBe(all);
  });

  it('ends with the role that it came with', async () => {
    const guardian = await addGuardian(head);
    const kid = await addStudent(head, { first_name: 'Passager' });
    await head.put(`/students/${kid}/guardians/${guardian}/`, { relation: 'parent' });
    const reader = await member(t, school, 'parent');
    await tie(`/guardians/${guardian}/`, reader.email);
    expect(names(await reader.get('/students/'))).toEqual(['Passager']);
    await head.patch(`/members/${reader.userId}/`, { role: 'student' });
    expect((await head.get(`/guardians/${guardian}/`)).body.account).toBeNull();
  });

  it('the class’s group holds its students, who answers for them and its teachers', async () => {
    expect(await groupOf(place)).toEqual([parent.userId, pupil.userId, teaching.userId].toSorted());
    await head.patch(`/students/${child}/`, { status: 'left' });
    expect(await groupOf(place)).toEqual([teaching.userId]);
    await head.patch(`/students/${child}/`, { status: 'enrolled' });
    expect(await groupOf(place)).toHaveLength(3);
  });
});

describe('accounts of records', () => {
  it('come by invitation: whoever accepts has the record, its seat, and is in the class’s group', async () => {
    const place = await addClass(head);
    const email = 'invitee@example.org';
    const id = await addStudent(head, { email, class_id: place });
    const before = await seatsTaken(head);
    const { body } = await head.post(`/students/${id}/invite/`, {});
    expect(body).toMatchObject({ status: 'invited', email });
    const token = body.invitation_url.split('/').at(-1);
    const joined = await visitor(t, school.host).send({
      method: 'POST',
      url: `/api/v1/invitations/${token}/accept/`,
      payload: { full_name: 'Élève Invitée', password: 'douze lettres au moins' },
    });
    expect(joined.status).toBeLessThan(300);
    expect(await seatsTaken(head)).toBe(before);
    const { account } = (await head.get(`/students/${id}/`)).body;
    expect(account).toMatchObject({ email, role: 'student' });
    const [{ id: job } = { id: '' }] = await t.sql<{ id: string }>(
      `SELECT id FROM public.jobs WHERE kind = 'student_records.keep_groups' ORDER BY id DESC LIMIT 1`,
    );
    await endOfJob(t, job);
    expect(await groupOf(place)).toEqual([account.user_id]);
    await expectRefusal(t, () => head.post(`/students/${id}/invite/`, { email: 'x@example.org' }), {
      code: 'record_tied',
    });
  });

  it('are of one record, and of the right role', async () => {
    const { email } = await addMember(t, school, 'student');
    const [one, two] = [await addStudent(head), await addStudent(head)];
    await tie(`/students/${one}/`, email);
    await expectRefusal(t, () => head.post(`/students/${two}/invite/`, { email }), { code: 'account_tied' });
    const parent = await addMember(t, school, 'parent');
    await expectRefusal(t, () => head.post(`/students/${two}/invite/`, { email: parent.email }), {
      code: 'already_member',
    });
    await head.patch(`/students/${two}/`, { status: 'left' });
    await expectRefusal(t, () => head.post(`/students/${two}/invite/`, { email: 'y@example.org' }), {
      code: 'student_left',
    });
  });
});

describe('school years', () => {
  it('pass: each class goes to its next one or leaves, and nobody twice', async () => {
    const other = await createSchool(t);
    const by = await schoolAdmin(t, other);
    const first = await addYear(by, '2025-2026');
    const [sixth, third] = [await addClass(by, '6e A'), await addClass(by, '3e A')];
    await addStudent(by, { first_name: 'Monte', class_id: sixth });
    await addStudent(by, { first_name: 'Part', class_id: third });
    const next = (
      await by.post('/school-years/', {
        name: '2026-2027',
        starts_on: '2026-09-01',
        ends_on: '2027-08-31',
        copy_classes_from: first,
      })
    ).body.id;
    const classes = (await by.get('/classes/', { query: { school_year: next } })).body.results;
    expect(classes.map(({ name }: { name: string }) => name)).toEqual(['3e A', '6e A']);
    const moves = [
      { from: sixth, to: classes[0].id },
      { from: third, to: null },
    ];
    expect((await by.post(`/school-years/${next}/pass/`, { moves })).body).toEqual({
      moved: 1,
      left: 1,
      kept: 0,
    });
    expect((await by.post(`/school-years/${next}/pass/`, { moves })).body).toEqual({
      moved: 0,
      left: 0,
      kept: 1,
    });
    expect(await seatsTaken(by)).toBe(1);
    const { results } = (await by.get('/students/', { query: { status: 'enrolled' } })).body;
    expect(results).toMatchObject([{ first_name: 'Monte', class: { name: '3e A' } }]);
    expect((await by.get(`/students/${results[0].id}/`)).body.enrolments).toHaveLength(2);
    await expectRefusal(t, () => by.delete(`/school-years/${first}/`), { code: 'still_in_use' });
  });
});

describe('the module', () => {
  it('off, nothing of it is reached; on again, all of it is there', async () => {
    const before = (await head.get('/students/')).body.count;
    const set = (on: boolean) =>
      t.services.tenants.updateModules(
        { actor: { type: 'system', id: null, label: 'system' }, ip: null, requestId: null },
        school.id,
        { student_records: on },
      );
    let heard = t.hears('tenant', school.id);
    await set(false);
    await heard;
    for (const path of ['/students/', '/classes/', '/guardians/', '/student-export/', '/student-imports/'])
      expectProblem(await head.get(path), { code: 'module_disabled' });
    heard = t.hears('tenant', school.id);
    await set(true);
    await heard;
    expect((await head.get('/students/')).body.count).toBe(before);
  });
});
