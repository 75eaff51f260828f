import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
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
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';

let t: TestApp;
let school: School;
let head: Client;
let author: Client & { userId: string };
let pupil: Client;
beforeAll(async () => {
  t = await createTestApp();
  school = await createSchool(t);
  head = await schoolAdmin(t, school);
  author = await teacher(t, school);
  pupil = await student(t, school);
});
afterAll(() => t.close());

const news = { title: 'Sortie au musée', body: 'Départ à 9 h.\n\nPrévoir une gourde.' };
const post = async (client: Client, over: object = {}) =>
  (await client.post('/announcements/', { ...news, ...over })).body;

describe('announcements', () => {
  it('are published by a teacher and read by everyone of the school', async () => {
    const { status, body, headers } = await author.post('/announcements/', {
      ...news,
      title: `  ${news.title} `,
    });
    expect(status).toBe(201);
    expect(headers.location).toBe(`/api/v1/announcements/${body.id}/`);
    expect(body).toMatchObject({
      ...news,
      pinned: false,
      may_edit: true,
      author: { id: author.userId, name: 'Camille Dupré' },
    });
    const read = await pupil.get(`/announcements/${body.id}/`);
    expect(read.body).toEqual({ ...body, may_edit: false, read: false, readers: null });
    expect((await head.get(`/announcements/${body.id}/`)).body.may_edit).toBe(true);
    expect(
      (
        await pupil.get(`/announcements/${body.id}`, {
          headers: { 'if-none-match': read.headers.etag ?? '' },
        })
      ).status,
    ).toBe(304);
  });

  it('are refused from students, parents and strangers', async () => {
    const parent = await member(t, school, 'parent');
    for (const reader of [pupil, parent]) {
      await expectRefusal(t, () => reader.post('/announcements/', news), { code: 'permission_denied' });
    }
    await expectRefusal(t, () => visitor(t, school.host).post('/announcements/', news), {
      code: 'not_authenticated',
    });
    expectProblem(await visitor(t, school.host).get('/announcements/'), { code: 'not_authenticated' });
    const staff = await member(t, school, 'staff');
    expect((await staff.post('/announcements/', news)).status).toBe(201);
  });

  it('are changed and deleted by their author or an administrator, nobody else', async () => {
    const { id } = await post(author);
    const colleague = await teacher(t, school);
    for (const other of [colleague, pupil]) {
      await expectRefusal(t, () => other.patch(`/announcements/${id}/`, { title: 'x' }), {
        code: 'permission_denied',
      });
      await expectRefusal(t, () => other.delete(`/announcements/${id}/`), { code: 'permission_denied' });
    }
    expect((await colleague.get(`/announcements/${id}/`)).body.may_edit).toBe(false);
    const mine = await author.patch(`/announcements/${id}/`, { title: ' Sortie annulée ' });
    expect(mine.body).toMatchObject({ title: 'Sortie annulée', body: news.body, pinned: false });
    const moderated = await head.patch(`/announcements/${id}/`, { pinned: true });
    expect(moderated.body).toMatchObject({
      title: 'Sortie annulée',
      pinned: true,
      author: { id: author.userId },
    });
    expect(await head.delete(`/announcements/${id}/`)).toMatchObject({ status: 204, text: '' });
    expectProblem(await author.get(`/announcements/${id}/`), { code: 'not_found' });
    expectProblem(await author.delete(`/announcements/${id}/`), { code: 'not_found' });
  });

  it('are not overwritten by somebody who has not seen the last change', async () => {
    const { id } = await post(author);
    const { headers } = await author.get(`/announcements/${id}/`);
    const stale = { headers: { 'if-match': headers.etag ?? '' } };
    const changed = await author.patch(`/announcements/${id}/`, { title: 'Deux' }, stale);
    expect(changed.headers.etag).not.toBe(headers.etag);
    await expectRefusal(t, () => head.patch(`/announcements/${id}/`, { title: 'Trois' }, stale), {
      code: 'precondition_failed',
    });
    await expectRefusal(t, () => head.delete(`/announcements/${id}/`, stale), {
      code: 'precondition_failed',
    });
    expect(
      (await head.delete(`/announcements/${id}/`, { headers: { 'if-match': changed.headers.etag ?? '' } }))
        .status,
    ).toBe(204);
  });

  it.each([
    [{ title: ' ' }, { title: 'blank' }],
    [{ title: 'x'.repeat(201) }, { title: 'max_length' }],
    [{ body: '' }, { body: 'blank' }],
    [{ body: 'x'.repeat(20_001) }, { body: 'max_length' }],
    [{ pinned: 'yes' }, { pinned: 'type' }],
    [{ author: 'me' }, { author: 'unknown_field' }],
  ])('refuse %o', async (change, errors) => {
    await expectRefusal(t, () => author.post('/announcements/', { ...news, ...change }), {
      code: 'invalid_input',
      errors,
    });
    const { id } = await post(author);
    await expectRefusal(t, () => author.patch(`/announcements/${id}/`, change), {
      code: 'invalid_input',
      errors,
    });
  });

  it('are listed pinned first and newest first, in pages, and searched', async () => {
    const own = await createSchool(t);
    const writer = await teacher(t, own);
    for (const title of ['un', 'deux', 'trois', '100 %']) await post(writer, { title });
    await post(writer, { title: 'épinglée', pinned: true });
    const titles = async (query: Record<string, string | number>) =>
      (await writer.get('/announcements/', { query })).body.results.map(
        ({ title }: { title: string }) => title,
      );
    expect(await titles({})).toEqual(['épinglée', '100 %', 'trois', 'deux', 'un']);
    expect(await titles({ page: 2, page_size: 2 })).toEqual(['trois', 'deux']);
    expect(await titles({ search: 'TROI' })).toEqual(['trois']);
    expect(await titles({ search: '%' })).toEqual(['100 %']);
    const { body } = await writer.get('/announcements/', { query: { page_size: 2, search: 'gourde' } });
    expect(body).toMatchObject({ count: 5, previous: null });
    expect(body.next).toContain('search=gourde');
    expect((await writer.send({ method: 'GET', url: body.next })).body.results).toHaveLength(2);
    expectProblem(await writer.get('/announcements/', { query: { ordering: 'title' } }), {
      code: 'invalid_input',
      errors: { ordering: 'unknown_field' },
    });
  });

  it('are gone while the module is off, and back with it', async () => {
    const admin = await superadmin(t);
    const { id } = await post(author);
    const switchTo = (announcements: boolean) =>
      admin.post(`/tenants/${school.id}/update_modules/`, { modules_enabled: { announcements } });
    await switchTo(false);
    for (const ask of [
      () => pupil.get('/announcements/'),
      () => author.get(`/announcements/${id}/`),
      () => author.post('/announcements/', news),
      () => head.delete(`/announcements/${id}/`),
    ]) {
      const answer = await expectRefusal(t, ask, { code: 'module_disabled' });
      expect(answer.body.detail).toContain('announcements');
    }
    // A stranger does not learn which modules a school has.
    expectProblem(await visitor(t, school.host).get('/announcements/'), { code: 'not_authenticated' });
    await switchTo(true);
    expect((await author.get(`/announcements/${id}/`)).status).toBe(200);
  });
});
