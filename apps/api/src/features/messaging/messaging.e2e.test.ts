import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import {
  member,
  schoolAdmin,
  student,
  superadmin,
  supporter,
  teacher,
  type Client,
} from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';
import { closeSockets, openSocket } from '../../../test/support/sockets.ts';

type Person = Client & { userId: string };

let t: TestApp;
let port: number;
let school: School;
let head: Person;
let prof: Person;
let pupil: Person;
beforeAll(async () => {
  t = await createTestApp();
  port = await t.listen();
  school = await createSchool(t);
  head = await schoolAdmin(t, school);
  prof = await teacher(t, school);
  pupil = await student(t, school);
});
afterEach(closeSockets);
afterAll(() => t.close());

const write = async (from: Client, to: Person, body = 'Bonjour'): Promise<string> =>
  (await from.post('/conversations/', { user_ids: [to.userId], body })).body.id;
const bodies = async (reader: Client, id: string) =>
  (await reader.get(`/conversations/${id}/messages/`)).body.results.map(
    ({ body }: { body: string | null }) => body,
  );

describe('a conversation', () => {
  it('of two is one for ever, read by both and nobody else', async () => {
    const other = await teacher(t, school);
    const id = await write(prof, other, 'Salle 12 ?');
    expect(await write(other, prof, 'Oui')).toBe(id);
    const said = await other.post(`/conversations/${id}/messages/`, { body: 'À 9 h' });
    expect(said).toMatchObject({ status: 201, body: { body: 'À 9 h', mine: true, conversation_id: id } });
    expect(await bodies(prof, id)).toEqual(['À 9 h', 'Oui', 'Salle 12 ?']);
    for (const stranger of [head, pupil]) {
      expectProblem(await stranger.get(`/conversations/${id}/`), { code: 'not_found' });
      expectProblem(await stranger.get(`/conversations/${id}/messages/`), { code: 'not_found' });
      await expectRefusal(t, () => stranger.post(`/conversations/${id}/messages/`, { body: 'x' }), {
        code: 'not_found',
      });
    }
  });

  it('counts what is unread until it is read', async () => {
    const other = await teacher(t, school);
    const id = await write(prof, other);
    await prof.post(`/conversations/${id}/messages/`, { body: 'Encore' });
    expect((await other.get('/conversations/unread/')).body).toEqual({ unread: 1 });
    const [listed] = (await other.get('/conversations/')).body.results;
    expect(listed).toMatchObject({ id, unread: 2, last_message: { body: 'Encore' }, may_reply: true });
    expect((await other.post(`/conversations/${id}/read/`)).status).toBe(204);
    expect((await other.get('/conversations/unread/')).body).toEqual({ unread: 0 });
    expect((await prof.get(`/conversations/${id}/`)).body.unread).toBe(0);
  });

  it('begins between the roles that the school allows; an answer is always allowed', async () => {
    const own = await createSchool(t);
    const boss = await schoolAdmin(t, own);
    const [adult, child, friend] = [await teacher(t, own), await student(t, own), await student(t, own)];
    await expectRefusal(t, () => child.post('/conversations/', { user_ids: [friend.userId], body: 'x' }), {
      code: 'may_not_write',
    });
    const people = (await child.get('/conversations/recipients/')).body.people;
    expect(people.map(({ role }: { role: string }) => role)).not.toContain('student');
    const pairs = [
      { from: 'student', to: 'student' },
      { from: 'teacher', to: 'student' },
    ];
    const put = await boss.put('/messaging-settings/', { pairs, retention_days: 90 });
    expect(put.body).toEqual({ pairs, retention_days: 90 });
    expect(await write(child, friend)).toBeDefined();
    await expectRefusal(t, () => child.post('/conversations/', { user_ids: [adult.userId], body: 'x' }), {
      code: 'may_not_write',
    });
    const id = await write(adult, child);
    expect((await child.post(`/conversations/${id}/messages/`, { body: 'Merci' })).status).toBe(201);
    await expectRefusal(t, () => adult.put('/messaging-settings/', { pairs, retention_days: 90 }), {
      code: 'permission_denied',
    });
  });

  it('with a group is for whoever is in the group, while they are', async () => {
    const group = (await head.post('/groups/', { name: 'Conseil' })).body.id;
    await head.post(`/groups/${group}/members/`, { user_ids: [pupil.userId] });
    await expectRefusal(t, () => pupil.post('/conversations/', { group_id: group, body: 'x' }), {
      code: 'may_not_write',
    });
    const made = await prof.post('/conversations/', { group_id: group, replies: false, body: 'Réunion' });
    const path = `/conversations/${made.body.id}/`;
    expect((await pupil.get(path)).body).toMatchObject({
      unread: 1,
      may_reply: false,
      group: { name: 'Conseil' },
    });
    await expectRefusal(t, () => pupil.post(`${path}messages/`, { body: 'x' }), { code: 'may_not_write' });
    expectProblem(await head.get(path), { code: 'not_found' });
    await head.delete(`/groups/${group}/members/${pupil.userId}/`);
    expectProblem(await pupil.get(path), { code: 'not_found' });
    expect((await prof.get(path)).status).toBe(200);
  });

  it('is with members of this school alone', async () => {
    const stranger = await teacher(t, await createSchool(t));
    await expectRefusal(t, () => prof.post('/conversations/', { user_ids: [stranger.userId], body: 'x' }), {
      code: 'invalid_input',
      errors: { user_ids: 'not_member' },
    });
    await expectRefusal(t, () => prof.post('/conversations/', { body: 'x' }), {
      code: 'invalid_input',
      errors: { user_ids: 'required' },
    });
    await expectRefusal(t, () => prof.post('/conversations/', { user_ids: [prof.userId], body: 'x' }), {
      code: 'invalid_input',
      errors: { user_ids: 'empty' },
    });
  });

  it('is not read by who is let in to help', async () => {
    const guest = await supporter(t, school);
    expectProblem(await guest.get('/conversations/'), { code: 'permission_denied' });
    expectProblem(await guest.get('/message-reports/'), { code: 'permission_denied' });
  });

  it('is closed to who left the school and came back', async () => {
    const leaver = await member(t, school, 'staff');
    const id = await write(prof, leaver);
    await t.sql(`UPDATE public.memberships SET created_at = clock_timestamp() WHERE user_id = $1`, [
      leaver.userId,
    ]);
    expectProblem(await leaver.get(`/conversations/${id}/`), { code: 'not_found' });
    expect(await write(prof, leaver)).toBe(id);
    expect((await leaver.get(`/conversations/${id}/`)).status).toBe(200);
  });
});

describe('a message', () => {
  it('that is sent twice is one', async () => {
    const client = '0d9ee1a4-3c6f-4c7e-9a43-0f4d7b7f0001';
    const id = await write(prof, head, 'Un');
    const send = () => prof.post(`/conversations/${id}/messages/`, { body: 'Deux', client_id: client });
    const [first, second] = [await send(), await send()];
    expect(second.body).toEqual(first.body);
    expect(await bodies(head, id)).toEqual(['Deux', 'Un']);
    const elsewhere = await write(prof, await teacher(t, school));
    await expectRefusal(
      t,
      () => prof.post(`/conversations/${elsewhere}/messages/`, { body: 'x', client_id: client }),
      {
        code: 'invalid_input',
        errors: { client_id: 'taken' },
      },
    );
  });

  it('is heard of at once by those it is for, and nobody else', async () => {
    const other = await teacher(t, school);
    const [hearing, deaf] = [await openSocket(port, other), await openSocket(port, await teacher(t, school))];
    const id = await write(prof, other);
    expect((await hearing.hears('messages.changed')).data).toEqual({ conversation_id: id });
    const sent = await hearing.ask('messages.send', { conversation_id: id, body: 'Par la ligne' });
    expect(sent).toMatchObject({ ok: true, data: { body: 'Par la ligne', mine: true } });
    expect(await bodies(prof, id)).toEqual(['Par la ligne', 'Bonjour']);
    const refused = await deaf.ask('messages.send', { conversation_id: id, body: 'x' });
    expect(refused.error.code).toBe('not_found');
    expect(deaf.heard).toEqual([]);
  });

  it('tells whom it is for under the bell, by who wrote and not what', async () => {
    const other = await teacher(t, school);
    const id = await write(prof, other, 'Secret');
    await prof.post(`/conversations/${id}/messages/`, { body: 'Encore' });
    const { results } = (await other.get('/notifications/')).body;
    expect(results).toHaveLength(1);
    expect(JSON.stringify(results)).not.toContain('Secret');
  });

  it('is taken back by its author alone', async () => {
    const id = await write(prof, head, 'Oups');
    const [message] = (await prof.get(`/conversations/${id}/messages/`)).body.results;
    const path = `/conversations/${id}/messages/${message.id}/`;
    await expectRefusal(t, () => head.delete(path), { code: 'not_found' });
    expect((await prof.delete(path)).status).toBe(204);
    expect((await bodies(head, id))[0]).toBeNull();
  });

  it('is shown to administrators when it is reported, and removed by them', async () => {
    const [adult, child] = [await teacher(t, school), await student(t, school)];
    const id = await write(adult, child, 'Méchant');
    const [message] = (await child.get(`/conversations/${id}/messages/`)).body.results;
    expectProblem(await adult.get('/message-reports/'), { code: 'permission_denied' });
    const path = `/conversations/${id}/messages/${message.id}/report/`;
    await expectRefusal(t, () => pupil.post(path, { reason: 'x' }), { code: 'not_found' });
    expect((await child.post(path, { reason: 'Il se moque' })).status).toBe(204);
    const { results } = (await head.get('/message-reports/')).body;
    const report = results.find((one: { conversation_id: string }) => one.conversation_id === id);
    expect(report).toMatchObject({ reason: 'Il se moque', message: { body: 'Méchant' } });
    expect((await head.post(`/message-reports/${report.id}/resolve/`, { remove: true })).status).toBe(204);
    expect(await bodies(child, id)).toEqual([null]);
    expectProblem(await head.post(`/message-reports/${report.id}/resolve/`, { remove: true }), {
      code: 'not_found',
    });
    const [looked] = await t.sql(
      `SELECT 1 FROM audit.log WHERE action = 'message_report.list' AND tenant_id = $1`,
      [school.id],
    );
    expect(looked).toBeDefined();
  });

  it('is forgotten when the school keeps it no longer', async () => {
    const own = await createSchool(t);
    const [one, two] = [await teacher(t, own), await teacher(t, own)];
    const id = await write(one, two, 'Vieux');
    await one.post(`/conversations/${id}/messages/`, { body: 'Récent' });
    await t.sql(
      `UPDATE ${own.schemaName}.messages SET created_at = now() - interval '366 days' WHERE body = 'Vieux'`,
    );
    expect(await t.services.messaging.forget(own.ref)).toBe(1);
    expect(await bodies(two, id)).toEqual(['Récent']);
  });

  it('waits unharmed while the module is off, out of reach by every way', async () => {
    const own = await createSchool(t);
    const root = await superadmin(t);
    const [one, two] = [await teacher(t, own), await teacher(t, own)];
    const id = await write(one, two);
    const line = await openSocket(port, one);
    const turn = (on: boolean) =>
      root.post(`/tenants/${own.id}/update_modules/`, { modules_enabled: { messaging: on } });
    await turn(false);
    for (const ask of [
      () => one.get('/conversations/'),
      () => one.get(`/conversations/${id}/messages/`),
      () => one.post(`/conversations/${id}/messages/`, { body: 'x' }),
    ])
      expectProblem(await ask(), { code: 'module_disabled' });
    const answer = await line.ask('messages.send', { conversation_id: id, body: 'x' });
    expect(answer.error.code).toBe('module_disabled');
    await turn(true);
    expect(await bodies(two, id)).toEqual(['Bonjour']);
  });
});
