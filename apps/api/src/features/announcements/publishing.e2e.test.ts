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
import { addMediaFile } from '../../../test/support/samples.ts';
import { SYSTEM } from '../audit/index.ts';

type Person = Client & { userId: string };
let t: TestApp;
let school: School;
let head: Person;
let author: Person;
let pupil: Person;
let parent: Person;
beforeAll(async () => {
  t = await createTestApp();
  school = await createSchool(t);
  head = await schoolAdmin(t, school);
  author = await teacher(t, school);
  pupil = await student(t, school);
  parent = await member(t, school, 'parent');
});
afterAll(() => t.close());

const news = { title: 'Réunion', body: 'Jeudi à **18 h**.' };
async function post(client: Client, over: object = {}) {
  const { status, body, text } = await client.post('/announcements/', { ...news, ...over });
  expect(status, text).toBe(201);
  return body;
}
const titles = async (client: Client, query: Record<string, string | boolean> = {}): Promise<string[]> =>
  (await client.get('/announcements/', { query })).body.results.map(({ title }: { title: string }) => title);
const sees = async (client: Client, id: string): Promise<boolean> =>
  (await client.get(`/announcements/${id}/`)).status === 200;
const publishDue = () => t.services.announcementCare.publishDue(SYSTEM, new AbortController().signal);
const soon = (ms: number) => new Date(Date.now() + ms).toISOString();
const told = async (client: Client): Promise<string[]> =>
  (await client.get('/notifications/')).body.results.map(({ title }: { title: string }) => title);

describe('a draft', () => {
  it('is its author’s alone, until it is published', async () => {
    const { id, status } = await post(author, { title: 'Brouillon', status: 'draft' });
    expect(status).toBe('draft');
    for (const other of [head, pupil]) expect(await sees(other, id)).toBe(false);
    await expectRefusal(t, () => head.delete(`/announcements/${id}/`), { code: 'not_found' });
    expect(await titles(head, { status: 'draft' })).toEqual([]);
    expect(await titles(author, { status: 'draft' })).toContain('Brouillon');
    expect(await titles(author)).not.toContain('Brouillon');
    const changed = await author.patch(`/announcements/${id}/`, { body: 'Encore un brouillon' });
    expect(changed.body.status).toBe('draft');
    const published = await author.patch(`/announcements/${id}/`, { status: 'published' });
    expect(published.body).toMatchObject({ status: 'published', published_at: expect.any(String) });
    expect(await sees(pupil, id)).toBe(true);
    expect(await told(pupil)).toContain('Brouillon');
  });
});

describe('an audience', () => {
  it('of roles and groups is who sees it, hears of it and finds it; others do not even learn that it exists', async () => {
    const { body: group } = await head.post('/groups/', { name: 'Chorale' });
    await head.post(`/groups/${group.id}/members/`, { user_ids: [pupil.userId] });
    const { id } = await post(author, {
      title: 'Voyage des parents et de la chorale',
      audience: { roles: ['parent'], groups: [group.id] },
    });
    const other = await student(t, school);
    for (const reader of [parent, pupil, author, head]) expect(await sees(reader, id)).toBe(true);
    expect(await sees(other, id)).toBe(false);
    expect(await titles(parent, { search: 'voyages' })).toHaveLength(1);
    expect(await titles(other, { search: 'voyages' })).toEqual([]);
    expect(await told(parent)).toContain('Voyage des parents et de la chorale');
    expect(await told(other)).not.toContain('Voyage des parents et de la chorale');
    await expectRefusal(t, () => other.post(`/announcements/${id}/read/`), { code: 'not_found' });
    // A colleague whom it is not for cannot change what they cannot see.
    const colleague = await teacher(t, school);
    await expectRefusal(t, () => colleague.patch(`/announcements/${id}/`, { title: 'x' }), {
      code: 'not_found',
    });
    await head.delete(`/groups/${group.id}/members/${pupil.userId}/`);
    expect(await sees(pupil, id)).toBe(false);
  });

  it.each([
    [{ audience: { groups: ['01890000-0000-7000-8000-000000000000'] } }, 'unknown_group'],
    [{ public: true, audience: { roles: ['parent'] } }, 'audience_of_public'],
    [{ attachments: ['01890000-0000-7000-8000-000000000000'] }, 'unknown_file'],
    [{ expires_at: '2020-01-01T00:00:00Z' }, 'expires_before'],
  ] as const)('or what else is named has to be right: %o', async (over, code) => {
    await expectRefusal(t, () => head.post('/announcements/', { ...news, ...over }), { code });
  });
});

describe('a time', () => {
  it('publishes it, once, by whichever process; before it nobody reads it', async () => {
    const { id, status } = await post(author, { title: 'Demain', publish_at: soon(60_000) });
    expect(status).toBe('scheduled');
    expect(await sees(pupil, id)).toBe(false);
    expect(await titles(author, { status: 'scheduled' })).toContain('Demain');
    expect(await titles(head, { status: 'scheduled' })).toContain('Demain');
    expect(await publishDue()).toEqual({ published: 0, failed: 0 });
    const at = '2026-01-05T07:00:00.000Z';
    await t.sql(`UPDATE ${school.schemaName}.announcements SET publish_at = $2 WHERE id = $1`, [id, at]);
    await t.sql('UPDATE public.announcements_due SET due_at = $2 WHERE announcement_id = $1', [id, at]);
    const runs = await Promise.all([publishDue(), publishDue(), publishDue()]);
    expect(runs.reduce((sum, { published }) => sum + published, 0)).toBe(1);
    expect((await pupil.get(`/announcements/${id}/`)).body).toMatchObject({
      status: 'published',
      published_at: at,
    });
    expect((await told(pupil)).filter((title) => title === 'Demain')).toHaveLength(1);
    const trail = await t.sql(
      "SELECT 1 FROM audit.log WHERE action = 'announcement.publish' AND target_id = $1",
      [id],
    );
    expect(trail).toHaveLength(1);
    expect(await t.sql('SELECT 1 FROM public.announcements_due')).toEqual([]);
  });

  it('that is changed or taken away is planned anew, and with the announcement it goes', async () => {
    const plans = () => t.sql<{ due_at: Date }>('SELECT due_at FROM public.announcements_due');
    const { id } = await post(author, { publish_at: soon(60_000) });
    const later = soon(120_000);
    await author.patch(`/announcements/${id}/`, { publish_at: later });
    expect((await plans()).map(({ due_at }) => due_at.toISOString())).toEqual([later]);
    await t.sql('DELETE FROM public.announcements_due');
    await t.services.announcementCare.replan(new AbortController().signal);
    expect(await plans()).toHaveLength(1);
    const now = await author.patch(`/announcements/${id}/`, { publish_at: null });
    expect(now.body.status).toBe('published');
    expect(await plans()).toEqual([]);
    const other = await post(author, { publish_at: soon(60_000) });
    await author.delete(`/announcements/${other.id}/`);
    expect(await plans()).toEqual([]);
  });

  it('ends it: afterwards it is its author’s and the administrators’ to find', async () => {
    const { id } = await post(author, { title: 'Éphémère', expires_at: soon(60_000) });
    expect(await titles(pupil)).toContain('Éphémère');
    await t.sql(`UPDATE ${school.schemaName}.announcements SET expires_at = now() WHERE id = $1`, [id]);
    expect(await titles(pupil)).not.toContain('Éphémère');
    expect(await sees(pupil, id)).toBe(false);
    expect(await titles(author)).not.toContain('Éphémère');
    expect(await titles(author, { status: 'expired' })).toContain('Éphémère');
    // A word changed in it does not have to give it a new end.
    expect((await author.patch(`/announcements/${id}/`, { title: 'Passé' })).status).toBe(200);
  });
});

describe('approval', () => {
  it('is asked for where the school wants it: what waits is approved or sent back with a word', async () => {
    const own = await createSchool(t);
    const boss = await schoolAdmin(t, own);
    const writer = await teacher(t, own);
    const reader = await student(t, own);
    await expectRefusal(t, () => writer.patch('/announcements/settings/', { approval: true }), {
      code: 'permission_denied',
    });
    const heard = t.hears('tenant', own.id);
    expect((await boss.patch('/announcements/settings/', { approval: true })).body).toEqual({
      approval: true,
    });
    await heard;
    const first = await post(writer);
    expect(first.status).toBe('submitted');
    expect(await sees(reader, first.id)).toBe(false);
    expect(await told(boss)).toContain('À approuver : Réunion');
    expect(await titles(boss, { status: 'submitted' })).toEqual(['Réunion']);
    await expectRefusal(t, () => writer.post(`/announcements/${first.id}/approve/`), {
      code: 'permission_denied',
    });
    expect((await boss.post(`/announcements/${first.id}/approve/`)).body.status).toBe('published');
    expect(await sees(reader, first.id)).toBe(true);
    expect(await told(writer)).toContain('Acceptée : Réunion');
    await expectRefusal(t, () => boss.post(`/announcements/${first.id}/approve/`), {
      code: 'announcement_not_waiting',
    });
    // Approved was another text.
    expect((await writer.patch(`/announcements/${first.id}/`, { body: 'Autre chose' })).body.status).toBe(
      'submitted',
    );
    expect(await sees(reader, first.id)).toBe(false);

    const returned = await boss.post(`/announcements/${first.id}/return/`, { note: 'Précisez le lieu.' });
    expect(returned.body.status).toBe('draft');
    expect(await sees(boss, first.id)).toBe(false);
    expect((await writer.get(`/announcements/${first.id}/`)).body).toMatchObject({
      status: 'draft',
      note: 'Précisez le lieu.',
    });
    const again = await writer.patch(`/announcements/${first.id}/`, { status: 'published' });
    expect(again.body).toMatchObject({ status: 'submitted', note: null });
    expect((await post(boss)).status).toBe('published');
    const scheduled = await post(writer, { publish_at: soon(60_000) });
    expect(scheduled.status).toBe('submitted');
    expect((await boss.post(`/announcements/${scheduled.id}/approve/`)).body.status).toBe('scheduled');
  });
});

describe('files', () => {
  it('of the library go with it, as long as they are there and the library is on', async () => {
    const own = await createSchool(t);
    const writer = await teacher(t, own);
    const [one, two] = [await addMediaFile(t, own, writer), await addMediaFile(t, own, writer)];
    const { id, attachments } = await post(writer, { attachments: [two, one] });
    expect(attachments.map((file: { id: string }) => file.id)).toEqual([two, one]);
    expect(attachments[0]).toMatchObject({ media_type: 'text/plain', url: `/api/v1/media/${two}/content/` });
    await writer.delete(`/media/${two}/`);
    expect((await writer.get(`/announcements/${id}/`)).body.attachments).toHaveLength(1);
    await t.services.tenants.updateModules(SYSTEM, own.id, { media: false });
    expect((await writer.get(`/announcements/${id}/`)).body.attachments).toEqual([]);
    await t.services.tenants.updateModules(SYSTEM, own.id, { media: true });
    expect((await writer.get(`/announcements/${id}/`)).body.attachments).toHaveLength(1);
    const cleared = await writer.patch(`/announcements/${id}/`, { attachments: [] });
    expect(cleared.body.attachments).toEqual([]);
  });
});

describe('readers', () => {
  it('are counted once each, for the author and administrators alone', async () => {
    const { id } = await post(author, { title: 'À lire' });
    expect(await titles(pupil, { unread: true })).toContain('À lire');
    for (const reader of [pupil, pupil, parent, author]) await reader.post(`/announcements/${id}/read/`);
    expect((await author.get(`/announcements/${id}/`)).body.readers).toBe(2);
    expect((await head.get(`/announcements/${id}/`)).body.readers).toBe(2);
    expect((await pupil.get(`/announcements/${id}/`)).body).toMatchObject({ readers: null, read: true });
    expect(await titles(pupil, { unread: true })).not.toContain('À lire');
  });
});

describe('a search', () => {
  it('finds forms of a word, with or without accents and in any case, and words that begin so', async () => {
    const own = await createSchool(t);
    const writer = await teacher(t, own);
    await post(writer, { title: 'Élèves délégués', body: 'Les élections auront lieu lundi.' });
    await post(writer, { title: 'Cantine', body: 'Un menu végétarien.' });
    for (const words of ['eleve', 'ÉLÈVES', 'délégué', 'delegues', 'élection', 'elec', 'eleves lundi'])
      expect(await titles(writer, { search: words }), words).toEqual(['Élèves délégués']);
    for (const words of ['eleves cantine', 'xyz'])
      expect(await titles(writer, { search: words }), words).toEqual([]);
    for (const hostile of ["'", '!', '& | !', ':*', '<->', 'a:b\\', '('])
      expect(await titles(writer, { search: hostile }), hostile).toEqual([]);
  });
});

describe('the feed', () => {
  it('shows to everybody what an administrator made public, as RSS, and nothing else', async () => {
    const own = await createSchool(t);
    const boss = await schoolAdmin(t, own);
    const writer = await teacher(t, own);
    await expectRefusal(t, () => writer.post('/announcements/', { ...news, public: true }), {
      code: 'permission_denied',
    });
    await post(boss, { title: 'Portes ouvertes & café', body: '**Samedi** <script>', public: true });
    await post(boss, { title: 'Entre nous' });
    await post(boss, { title: 'Plus tard', public: true, publish_at: soon(60_000) });
    await post(boss, { title: 'Pas encore', public: true, status: 'draft' });
    const { status, headers, text } = await visitor(t, own.host).get('/announcements/feed/');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/rss+xml; charset=utf-8');
    expect(text).toContain('<title><![CDATA[Portes ouvertes & café]]></title>');
    expect(text).toContain('<strong>Samedi</strong> &lt;script&gt;');
    expect(text.match(/<item>/g)).toHaveLength(1);
    expect(text).not.toMatch(/Entre nous|Plus tard|Pas encore/);
  });
});

describe('the module, switched off and on again', () => {
  it('hides everything, keeps everything, and publishes what became due when it is back', async () => {
    const own = await createSchool(t);
    const boss = await schoolAdmin(t, own);
    const { id } = await post(boss, { title: 'Public', public: true });
    const waiting = await post(boss, { title: 'À son heure', publish_at: soon(60_000) });
    const root = await superadmin(t);
    const switchTo = async (on: boolean) => {
      const heard = t.hears('tenant', own.id);
      await root.post(`/tenants/${own.id}/update_modules/`, { modules_enabled: { announcements: on } });
      await heard;
    };
    await switchTo(false);
    expectProblem(await boss.get(`/announcements/${id}/`), { code: 'module_disabled' });
    expectProblem(await boss.post(`/announcements/${id}/read/`), { code: 'module_disabled' });
    expectProblem(await visitor(t, own.host).get('/announcements/feed/'), { code: 'module_disabled' });
    await t.sql(`UPDATE ${own.schemaName}.announcements SET publish_at = now() WHERE id = $1`, [waiting.id]);
    await t.sql('UPDATE public.announcements_due SET due_at = now() WHERE announcement_id = $1', [
      waiting.id,
    ]);
    expect(await publishDue()).toEqual({ published: 0, failed: 0 });
    expect((await told(boss)).filter((title) => title === 'À son heure')).toEqual([]);
    await switchTo(true);
    expect((await boss.get(`/announcements/${id}/`)).body.title).toBe('Public');
    expect((await visitor(t, own.host).get('/announcements/feed/')).text).toContain('Public');
    expect(await publishDue()).toEqual({ published: 1, failed: 0 });
    expect(await titles(boss)).toEqual(['À son heure', 'Public']);
  });
});
