import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import {
  schoolAdmin,
  student,
  superadmin,
  supporter,
  teacher,
  type Client,
} from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';

let t: TestApp;
let root: Client;
let [here, there]: School[] = [];
beforeAll(async () => {
  t = await createTestApp();
  root = await superadmin(t);
  [here, there] = [await createSchool(t), await createSchool(t)];
});
afterAll(() => t.close());

let counter = 0;
const make = async (over: object = {}): Promise<string> =>
  (await root.post('/public-groups/', { name: `Réseau ${(counter += 1)}`, ...over })).body.id;

describe('public groups', () => {
  it('are made, changed and deleted by a super-admin, and seen from every school', async () => {
    const made = await root.post('/public-groups/', {
      name: 'Mathématiques',
      description: 'Entre collègues',
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        name: 'Mathématiques',
        open_to: ['admin', 'teacher', 'staff'],
        member_count: 0,
        may_join: false,
      },
    });
    const path = `/public-groups/${made.body.id}/`;
    const prof = await teacher(t, here as School);
    expect((await prof.get(path)).body).toMatchObject({ name: 'Mathématiques', may_join: true });
    for (const ask of [
      () => prof.post('/public-groups/', { name: 'x' }),
      () => prof.put(path, { name: 'x' }),
      () => prof.delete(path),
      () => prof.get(`${path}members/`),
    ])
      await expectRefusal(t, ask, { code: 'permission_denied' });
    await expectRefusal(t, () => root.post('/public-groups/', { name: 'MATHÉMATIQUES' }), {
      code: 'invalid_input',
      errors: { name: 'taken' },
    });
    const stale = { headers: { 'if-match': made.headers.etag ?? '' } };
    const put = await root.put(path, { name: 'Maths', open_to: ['teacher', 'student'] }, stale);
    expect(put.body).toMatchObject({ name: 'Maths', open_to: ['teacher', 'student'] });
    await expectRefusal(t, () => root.delete(path, stale), { code: 'precondition_failed' });
    expect((await root.delete(path)).status).toBe(204);
    expectProblem(await prof.get(path), { code: 'not_found' });
  });

  it('are entered by members of any school in the roles they are open to, and left', async () => {
    const id = await make();
    const [one, two] = [await teacher(t, here as School), await teacher(t, there as School)];
    const child = await student(t, here as School);
    const joined = await one.post(`/public-groups/${id}/join/`);
    expect(joined.body).toMatchObject({ joined: true, may_join: false, member_count: 1 });
    expect((await one.post(`/public-groups/${id}/join/`)).body.member_count).toBe(1);
    expect((await two.post(`/public-groups/${id}/join/`)).body.member_count).toBe(2);
    await expectRefusal(t, () => child.post(`/public-groups/${id}/join/`), { code: 'group_not_open' });
    expect((await child.get(`/public-groups/${id}/`)).body).toMatchObject({ joined: false, may_join: false });
    const { body } = await root.get(`/public-groups/${id}/members/`);
    expect(body.results.map((row: { school: { id: string } }) => row.school.id).toSorted()).toEqual(
      [String(here?.id), String(there?.id)].toSorted(),
    );
    expect((await one.post(`/public-groups/${id}/leave/`)).body).toMatchObject({
      joined: false,
      member_count: 1,
    });
    expect((await root.delete(`/public-groups/${id}/members/${two.userId}/`)).status).toBe(204);
    expect((await root.get(`/public-groups/${id}/`)).body.member_count).toBe(0);
  });

  it('are left with the school that one entered them from', async () => {
    const id = await make();
    const prof = await teacher(t, here as School);
    await prof.post(`/public-groups/${id}/join/`);
    await (await schoolAdmin(t, here as School)).delete(`/members/${prof.userId}/`);
    expect((await root.get(`/public-groups/${id}/`)).body.member_count).toBe(0);
  });

  it('are not entered by who is in a school by its leave alone, nor from the console', async () => {
    const id = await make({ open_to: ['admin'] });
    const guest = await supporter(t, here as School);
    await expectRefusal(t, () => guest.post(`/public-groups/${id}/join/`), { code: 'permission_denied' });
    await expectRefusal(t, () => root.post(`/public-groups/${id}/join/`), { code: 'permission_denied' });
  });
});
