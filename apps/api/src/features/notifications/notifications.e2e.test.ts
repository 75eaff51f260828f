import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import { createClient, member, schoolKey, teacher, type Client } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';

import { defineNotification } from './index.ts';

const outing = defineNotification<{ title: string; id: string }>({
  kind: 'test.outing',
  name: { fr: 'Sorties', en: 'Outings' },
  texts: {
    fr: ({ title }) => ({ title: `Sortie : ${title}` }),
    en: ({ title }) => ({ title: `Outing: ${title}`, text: 'Bring a hat' }),
  },
  path: ({ id }) => `/outings/${id}`,
});
const news = defineNotification<{ title: string }>({
  kind: 'test.news',
  module: 'announcements',
  name: { fr: 'Nouvelles', en: 'News' },
  mail: true,
  texts: { fr: ({ title }) => ({ title }), en: ({ title }) => ({ title }) },
  path: () => '/announcements',
});

let t: TestApp;
let school: School;
let anne: Client & { userId: string };
let luc: Client & { userId: string };
beforeAll(async () => {
  t = await createTestApp({ notifications: [outing, news] as never });
  school = await createSchool(t);
});
afterAll(() => t.close());
beforeEach(async () => {
  anne = await teacher(t, school);
  luc = await teacher(t, school);
});

const tell = (
  what: Parameters<TestApp['services']['notifications']['notify']>[1],
  { fail = false } = {},
): Promise<void> =>
  t.services.tenancy.write(school, async (scope) => {
    await t.services.notifications.notify(scope, what);
    if (fail) throw new Error('the event did not happen');
  });
const tellOf = (title: string, ...people: { userId: string }[]) =>
  tell({ kind: outing as never, userIds: people.map(({ userId }) => userId), data: { title, id: '7' } });
const unreadOf = async (client: Client) => (await client.get('/notifications/unread_count/')).body.unread;
const titlesOf = async (client: Client, query = {}) =>
  (await client.get('/notifications/', { query })).body.results.map(({ title }: { title: string }) => title);

describe('what people are told of', () => {
  it('reaches each of them once, in the language they read, newest first', async () => {
    await tellOf('Louvre', anne, luc, anne);
    await tellOf('Forest', anne);
    expect(await unreadOf(anne)).toBe(2);
    expect(await unreadOf(luc)).toBe(1);
    const { body } = await anne.get('/notifications/', { headers: { 'accept-language': 'en' } });
    expect(body).toMatchObject({ count: 2, next: null });
    expect(body.results[0]).toMatchObject({
      kind: 'test.outing',
      title: 'Outing: Forest',
      text: 'Bring a hat',
      path: '/outings/7',
      read_at: null,
    });
    expect(await titlesOf(anne)).toEqual(['Sortie : Forest', 'Sortie : Louvre']);
  });

  it('was never said when the event itself is rolled back', async () => {
    const event = { kind: outing as never, userIds: [anne.userId], data: { title: 'Louvre', id: '7' } };
    await expect(tell(event, { fail: true })).rejects.toThrow('did not happen');
    expect(await unreadOf(anne)).toBe(0);
  });

  it('is one line for a subject until it is read, and then a new one', async () => {
    const about = (title: string) =>
      tell({ kind: outing as never, userIds: [anne.userId], data: { title, id: '7' }, subject: 'outing:7' });
    await about('Louvre');
    await about('Louvre, at nine');
    expect(await titlesOf(anne)).toEqual(['Sortie : Louvre, at nine']);
    await anne.post('/notifications/read_all/');
    await about('Louvre, at ten');
    expect(await titlesOf(anne)).toEqual(['Sortie : Louvre, at ten', 'Sortie : Louvre, at nine']);
  });

  it('is shown a page at a time', async () => {
    for (const title of ['a', 'b', 'c']) await tellOf(title, anne);
    const { body } = await anne.get('/notifications/', { query: { page: 2, page_size: 2 } });
    expect(body).toMatchObject({ count: 3, next: null, results: [{ title: 'Sortie : a' }] });
    expect(body.previous).toContain('page=1');
  });

  it('of a module that is off is neither shown nor counted, and comes back with it', async () => {
    await tell({ kind: news as never, userIds: [anne.userId], data: { title: 'Strike' } });
    const [strike] = (await anne.get('/notifications/')).body.results;
    const choose = (on: boolean) =>
      t.sql(`UPDATE public.tenants SET modules_enabled = modules_enabled || $1::jsonb WHERE id = $2`, [
        JSON.stringify({ announcements: on }),
        school.id,
      ]);
    await choose(false);
    t.services.directory.forgetTenant(school.id);
    expect(await unreadOf(anne)).toBe(0);
    expect(await titlesOf(anne)).toEqual([]);
    // Reading all that is shown is not reading what is not, nor is there a way to it by its name.
    expect((await anne.post(`/notifications/${strike.id}/read/`)).status).toBe(404);
    expect((await anne.post('/notifications/read_all/')).body).toEqual({ unread: 0 });
    await choose(true);
    t.services.directory.forgetTenant(school.id);
    expect(await titlesOf(anne, { unread: true })).toEqual(['Strike']);
  });
});

describe('reading', () => {
  it('is of one, or of all, and only of one’s own', async () => {
    await tellOf('Louvre', anne, luc);
    await tellOf('Forest', anne);
    const [first] = (await anne.get('/notifications/')).body.results;
    expect((await luc.post(`/notifications/${first.id}/read/`)).status).toBe(404);
    expect((await anne.post(`/notifications/${first.id}/read/`)).status).toBe(204);
    expect(await titlesOf(anne, { unread: true })).toEqual(['Sortie : Louvre']);
    const once = (await anne.get('/notifications/')).body.results[0].read_at;
    await anne.post(`/notifications/${first.id}/read/`);
    expect((await anne.get('/notifications/')).body.results[0].read_at).toBe(once);
    expect((await anne.post('/notifications/read_all/')).body).toEqual({ unread: 0 });
    expect(await unreadOf(anne)).toBe(0);
    expect(await unreadOf(luc)).toBe(1);
  });

  it('is for people with a session, not for keys and visitors', async () => {
    const key = await schoolKey(t, school, ['announcements:read']);
    expect((await key.get('/notifications/')).status).toBe(403);
    expect((await createClient(t, school.host).get('/notifications/')).status).toBe(401);
  });
});

describe('preferences', () => {
  it('say how each kind reaches one, begin as the kind says, and leave a trace', async () => {
    const { body } = await anne.get('/notifications/preferences/', { headers: { 'accept-language': 'en' } });
    expect(body.results.filter(({ kind }: { kind: string }) => kind.startsWith('test.'))).toEqual([
      { kind: 'test.outing', name: 'Outings', in_app: true, mail: false },
      { kind: 'test.news', name: 'News', in_app: true, mail: true },
    ]);
    const changed = await anne.patch('/notifications/preferences/', { kind: 'test.outing', in_app: false });
    expect(changed.body).toMatchObject({ kind: 'test.outing', in_app: false, mail: false });
    await tellOf('Louvre', anne, luc);
    expect(await unreadOf(anne)).toBe(0);
    expect(await unreadOf(luc)).toBe(1);
    const [row] = await t.sql<{ after: object }>(
      `SELECT after FROM public.audit_log WHERE action = 'notification_preference.update' AND target_id = $1`,
      [anne.userId],
    );
    expect(row?.after).toEqual({ kind: 'test.outing', in_app: false, mail: false });
    expect((await anne.patch('/notifications/preferences/', { kind: 'nothing' })).status).toBe(404);
  });
});

describe('mail', () => {
  const mailsTo = async (client: { userId: string }) =>
    t.sql<{ data: { lines: { title: string }[] } }>(
      `SELECT m.data FROM public.mails m JOIN public.users u ON u.email = m.recipient
       WHERE u.id = $1 AND m.kind = 'notifications.unread'`,
      [client.userId],
    );
  const send = () => t.services.notificationCare.mail({ minutes: 0 });

  it('holds what is still unread, once, and nothing of what was read or is not wanted', async () => {
    await luc.patch('/notifications/preferences/', { kind: 'test.news', mail: false });
    for (const title of ['Strike', 'Canteen'])
      await tell({ kind: news as never, userIds: [anne.userId, luc.userId], data: { title } });
    const [latest] = (await anne.get('/notifications/')).body.results;
    await anne.post(`/notifications/${latest.id}/read/`);
    await send();
    expect((await mailsTo(anne)).map(({ data }) => data.lines.map(({ title }) => title))).toEqual([
      ['Strike'],
    ]);
    expect(await mailsTo(luc)).toEqual([]);
    await send();
    expect(await mailsTo(anne)).toHaveLength(1);
  });

  it('alone, where that was chosen, and never to somebody who has left', async () => {
    await anne.patch('/notifications/preferences/', { kind: 'test.outing', in_app: false, mail: true });
    await luc.patch('/notifications/preferences/', { kind: 'test.outing', mail: true });
    await t.sql('DELETE FROM public.memberships WHERE user_id = $1', [luc.userId]);
    await tellOf('Louvre', anne, luc);
    expect(await unreadOf(anne)).toBe(0);
    await send();
    expect(await mailsTo(anne)).toHaveLength(1);
    expect(await mailsTo(luc)).toEqual([]);
  });

  it('waits for a closed school to open again', async () => {
    const other = await createSchool(t);
    const parent = await member(t, other, 'parent');
    await t.services.tenancy.write(other, (scope) =>
      t.services.notifications.notify(scope, {
        kind: news,
        userIds: [parent.userId],
        data: { title: 'Late' },
      }),
    );
    await t.sql(`UPDATE public.tenants SET status = 'inactive' WHERE id = $1`, [other.id]);
    await send();
    expect(await mailsTo(parent)).toEqual([]);
    await t.sql(`UPDATE public.tenants SET status = 'active' WHERE id = $1`, [other.id]);
    await send();
    expect(await mailsTo(parent)).toHaveLength(1);
  });
});

it('forgets what was read two months ago, and what nobody read for half a year', async () => {
  await tellOf('old and read', anne);
  await tellOf('old', anne);
  await tellOf('ancient', anne);
  const age = (title: string, set: string) =>
    t.sql(
      `UPDATE "${school.schemaName}".notifications SET ${set} WHERE user_id = $1 AND data->>'title' = $2`,
      [anne.userId, title],
    );
  await age('old and read', `read_at = now() - interval '61 days'`);
  await age('old', `created_at = now() - interval '100 days'`);
  await age('ancient', `created_at = now() - interval '181 days'`);
  expect((await t.services.notificationCare.forget()).failed).toBe(0);
  expect(await titlesOf(anne)).toEqual(['Sortie : old']);
});
