import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMember, createSchool, type School } from '../../../test/support/builders.ts';
import { schoolAdmin, schoolKey, student, teacher, type Client } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';
import { dropKeptGroup, keepGroup, keepGroupMembers } from './index.ts';

let t: TestApp;
let school: School;
let head: Client;
let prof: Client & { userId: string };
let pupil: Client & { userId: string };
beforeAll(async () => {
  t = await createTestApp();
  school = await createSchool(t);
  head = await schoolAdmin(t, school);
  prof = await teacher(t, school);
  pupil = await student(t, school);
});
afterAll(() => t.close());

let counter = 0;
const make = async (name = `Club ${(counter += 1)}`): Promise<string> =>
  (await head.post('/groups/', { name })).body.id;
const names = async (client: Client, query: Record<string, string | boolean> = {}) =>
  (await client.get('/groups/', { query })).body.results.map(({ name }: { name: string }) => name);
const memberIds = async (id: string) =>
  (await head.get(`/groups/${id}/members/`)).body.results.map((one: { id: string }) => one.id).toSorted();

describe('groups', () => {
  it('are made, renamed and deleted by administrators', async () => {
    const made = await head.post('/groups/', { name: '  Chorale ', description: 'Le jeudi' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      name: 'Chorale',
      description: 'Le jeudi',
      source: null,
      member_count: 0,
    });
    const path = `/groups/${made.body.id}/`;
    expect(made.headers.location).toBe(`/api/v1${path}`);
    const stale = { headers: { 'if-match': made.headers.etag ?? '' } };
    const put = await head.put(path, { name: 'Grande chorale' }, stale);
    expect(put.body).toMatchObject({ name: 'Grande chorale', description: '' });
    await expectRefusal(t, () => head.put(path, { name: 'Autre' }, stale), { code: 'precondition_failed' });
    await expectRefusal(t, () => head.delete(path, stale), { code: 'precondition_failed' });
    await expectRefusal(t, () => head.post('/groups/', { name: 'grande CHORALE' }), {
      code: 'invalid_input',
      errors: { name: 'taken' },
    });
    for (const other of [prof, pupil]) {
      await expectRefusal(t, () => other.post('/groups/', { name: 'x' }), { code: 'permission_denied' });
      await expectRefusal(t, () => other.delete(path), { code: 'permission_denied' });
    }
    expect((await head.delete(path)).status).toBe(204);
    expectProblem(await head.get(path), { code: 'not_found' });
  });

  it('are entered by members of the school alone', async () => {
    const id = await make();
    const elsewhere = await addMember(t, await createSchool(t), 'teacher');
    const ids = [pupil.userId, prof.userId].toSorted();
    const added = await head.post(`/groups/${id}/members/`, { user_ids: ids });
    expect(added.body).toMatchObject({ id, member_count: 2 });
    for (const send of [head.post, head.put]) {
      await expectRefusal(
        t,
        () => send(`/groups/${id}/members/`, { user_ids: [prof.userId, elsewhere.id] }),
        {
          code: 'invalid_input',
          errors: { user_ids: 'not_member' },
        },
      );
    }
    expect(await memberIds(id)).toEqual(ids);
    expect((await head.put(`/groups/${id}/members/`, { user_ids: [pupil.userId] })).body.member_count).toBe(
      1,
    );
    expect(await memberIds(id)).toEqual([pupil.userId]);
    expect((await head.delete(`/groups/${id}/members/${pupil.userId}/`)).status).toBe(204);
    expect(await memberIds(id)).toEqual([]);
  });

  it('say to the audit who was put in and taken out', async () => {
    const id = await make();
    await head.post(`/groups/${id}/members/`, { user_ids: [prof.userId] });
    await head.put(`/groups/${id}/members/`, { user_ids: [pupil.userId] });
    // Nothing changes: nothing is written.
    await head.put(`/groups/${id}/members/`, { user_ids: [pupil.userId] });
    const rows = await t.sql<{ after: unknown }>(
      `SELECT after FROM audit.log WHERE action = 'group.members' AND target_id = $1 ORDER BY seq`,
      [id],
    );
    expect(rows.map(({ after }) => after)).toEqual([
      { added: [prof.userId], removed: [] },
      { added: [pupil.userId], removed: [prof.userId] },
    ]);
  });

  it('are seen by pupils and parents only where they are in them, and without their members', async () => {
    const own = await createSchool(t);
    const boss = await schoolAdmin(t, own);
    const child = await student(t, own);
    const [mine, other] = [
      (await boss.post('/groups/', { name: 'Échecs' })).body.id,
      (await boss.post('/groups/', { name: 'Théâtre' })).body.id,
    ];
    await boss.post(`/groups/${mine}/members/`, { user_ids: [child.userId] });
    expect(await names(child)).toEqual(['Échecs']);
    expect(await names(boss)).toEqual(['Échecs', 'Théâtre']);
    expect(await names(boss, { mine: true })).toEqual([]);
    expect(await names(boss, { member: child.userId })).toEqual(['Échecs']);
    expect(await names(boss, { search: 'éch' })).toEqual(['Échecs']);
    expect((await child.get(`/groups/${mine}/`)).status).toBe(200);
    expectProblem(await child.get(`/groups/${other}/`), { code: 'not_found' });
    expectProblem(await child.get(`/groups/${mine}/members/`), { code: 'permission_denied' });
    const key = await schoolKey(t, own, ['groups:read']);
    expect(await names(key)).toEqual(['Échecs', 'Théâtre']);
  });

  it('are empty for somebody who left the school and came back', async () => {
    const id = await make();
    const user = await addMember(t, school, 'staff');
    await head.post(`/groups/${id}/members/`, { user_ids: [user.id] });
    expect(await t.services.groups.idsOf(school.ref, user.id)).toEqual([id]);
    expect((await head.delete(`/members/${user.id}/`)).status).toBe(204);
    expect(await t.services.groups.idsOf(school.ref, user.id)).toEqual([]);
    expect((await head.get(`/groups/${id}/`)).body.member_count).toBe(0);
    await addMember(t, school, 'staff', user);
    expect(await t.services.groups.idsOf(school.ref, user.id)).toEqual([]);
    await head.post(`/groups/${id}/members/`, { user_ids: [user.id] });
    expect(await t.services.groups.idsOf(school.ref, user.id)).toEqual([id]);
  });

  it('that another feature keeps are not edited by hand', async () => {
    const source = { source: 'class', sourceId: '01890000-0000-7000-8000-00000000c1a5' };
    const id = await t.services.tenancy.write(school.ref, async (scope) => {
      const group = await keepGroup(scope, { ...source, name: '6e B' });
      await keepGroupMembers(scope, group, [pupil.userId, '01890000-0000-7000-8000-000000000000']);
      return group;
    });
    expect((await head.get(`/groups/${id}/`)).body).toMatchObject({ source: 'class', member_count: 1 });
    const asks = [
      () => head.put(`/groups/${id}/`, { name: 'x' }),
      () => head.delete(`/groups/${id}/`),
      () => head.post(`/groups/${id}/members/`, { user_ids: [prof.userId] }),
      () => head.put(`/groups/${id}/members/`, { user_ids: [] }),
      () => head.delete(`/groups/${id}/members/${pupil.userId}/`),
    ];
    for (const ask of asks) await expectRefusal(t, ask, { code: 'group_kept' });
    const again = await t.services.tenancy.write(school.ref, (scope) =>
      keepGroup(scope, { ...source, name: '5e B' }),
    );
    expect(again).toBe(id);
    expect((await head.get(`/groups/${id}/`)).body.name).toBe('5e B');
    await t.services.tenancy.write(school.ref, (scope) => dropKeptGroup(scope, source));
    expectProblem(await head.get(`/groups/${id}/`), { code: 'not_found' });
  });

  it('tell every process when who is in them changes', async () => {
    const id = await make();
    const heard = t.hears('groups', school.id);
    await head.post(`/groups/${id}/members/`, { user_ids: [prof.userId] });
    await expect(heard).resolves.toBeUndefined();
  });

  it.each([
    [{ name: ' ' }, { name: 'blank' }],
    [{ name: 'x'.repeat(101) }, { name: 'max_length' }],
    [{ name: 'x', source: 'class' }, { source: 'unknown_field' }],
  ])('refuse %o', async (body, errors) => {
    await expectRefusal(t, () => head.post('/groups/', body), { code: 'invalid_input', errors });
  });
});
