import { MOST_MESSAGE_FILE_BYTES, MOST_WAITING_FILES } from '@preau/contracts/messaging';
import sharp from 'sharp';
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
import { prepareFile } from '../../../test/support/messaging-samples.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';
import { closeSockets, openSocket } from '../../../test/support/sockets.ts';
import { uploadFile } from '../../../test/support/upload.ts';
import { OPERATOR } from '../audit/index.ts';

type Person = Client & { userId: string };

let t: TestApp;
let port: number;
let school: School;
let head: Person;
let prof: Person;
let parent: Person;
beforeAll(async () => {
  t = await createTestApp();
  port = await t.listen();
  school = await createSchool(t);
  head = await schoolAdmin(t, school);
  prof = await teacher(t, school);
  parent = await member(t, school, 'parent');
});
afterEach(closeSockets);
afterAll(() => t.close());

/** A conversation in which a file was sent. */
async function send(from: Client, to: Person, name = 'bulletin.txt', content = 'Très bien.') {
  const file = await prepareFile(from, name, content);
  const made = await from.post('/conversations/', { user_ids: [to.userId], body: '', files: [file] });
  expect(made.status, made.text).toBe(201);
  const id = made.body.id as string;
  const [message] = (await from.get(`/conversations/${id}/messages/`)).body.results;
  return { id, file, message, url: message.files[0].url.replace('/api/v1', '') as string };
}

/** The three accounts of what the school's files take agree; this is what they say. */
async function stored({ id }: School): Promise<number> {
  for await (const report of t.services.mediaCare.verify(OPERATOR, { id })) {
    expect(report.findings).toEqual([]);
    expect(report.reserved_bytes).toBe(0);
    return report.stored_bytes;
  }
  throw new Error('There is no such school');
}

describe('a file of a message', () => {
  it('is sent by whoever may write, and read by those of the conversation', async () => {
    const { id, message, url } = await send(parent, prof, 'Certificat médical.txt', 'Grippe');
    expect(message).toMatchObject({
      body: '',
      files: [{ name: 'Certificat médical.txt', media_type: 'text/plain', kind: 'document', bytes: 6 }],
    });
    for (const reader of [parent, prof]) expect((await reader.get(url)).text).toBe('Grippe');
    const part = await prof.send({ method: 'GET', url: `/api/v1${url}`, headers: { range: 'bytes=1-3' } });
    expect([part.status, part.text]).toEqual([206, 'rip']);
    const [listed] = (await prof.get('/conversations/')).body.results;
    expect(listed).toMatchObject({ id, last_message: { body: '', files: 1 } });
  });

  it('is out of reach of everybody else, by every way', async () => {
    const { file, id, url } = await send(parent, prof);
    const guest = await supporter(t, school);
    for (const stranger of [head, await teacher(t, school), await student(t, school)])
      expectProblem(await stranger.get(url), { code: 'not_found' });
    expectProblem(await guest.get(url), { code: 'permission_denied' });
    // In the library it is not, for those who sent it neither.
    expect((await head.get('/media/', { query: { search: 'bulletin' } })).body.results).toEqual([]);
    for (const asks of [head, prof, parent]) {
      expectProblem(await asks.get(`/media/${file}/`), { code: 'not_found' });
      expectProblem(await asks.get(`/media/${file}/content/`), { code: 'not_found' });
    }
    for (const path of [`/media/${file}/links/`, `/media/${file}/restore/`])
      expectProblem(await head.post(path, {}), { code: 'not_found' });
    for (const path of [`/media/${file}/`, `/media/${file}/for_good/`])
      await expectRefusal(t, () => head.delete(path), { code: 'not_found' });
    await expectRefusal(
      t,
      () => head.post('/announcements/', { title: 'x', body: 'x', attachments: [file] }),
      {
        code: 'unknown_file',
      },
    );
    // Nor by the address of another message.
    const other = await send(head, await teacher(t, school));
    const borrowed = `/conversations/${other.id}/messages/${other.message.id}/files/${file}/`;
    expectProblem(await head.get(borrowed), { code: 'not_found' });
    const trail = await t.sql<{ row: string }>(
      `SELECT to_jsonb(l)::text AS row FROM audit.log l WHERE target_id = ANY ($1)`,
      [[file, id]],
    );
    expect(trail.length).toBeGreaterThan(1);
    for (const { row } of trail) expect(row).not.toContain('bulletin');
  });

  it('is one’s own, once, and of a message that is said', async () => {
    const id = (await send(prof, parent)).id;
    const path = `/conversations/${id}/messages/`;
    const [mine, theirs] = [await prepareFile(prof), await prepareFile(parent)];
    const unknown = { code: 'invalid_input', errors: { files: 'unknown_reference' } } as const;
    await expectRefusal(t, () => prof.post(path, { body: 'x', files: [theirs] }), unknown);
    expectProblem(await prof.post(path, { body: ' ', files: [] }), {
      code: 'invalid_input',
      errors: { body: 'blank' },
    });
    const client_id = '0d9ee1a4-3c6f-4c7e-9a43-0f4d7b7f0002';
    const say = () => prof.post(path, { body: 'Deux', files: [mine], client_id });
    const [first, second] = [await say(), await say()];
    expect(first.body.files).toHaveLength(1);
    expect(second.body).toEqual(first.body);
    expectProblem(await prof.post(path, { body: 'Trois', files: [mine] }), unknown);
    expectProblem(await prof.delete(`/conversations/files/${mine}/`), { code: 'not_found' });
    expectProblem(await prof.delete(`/conversations/files/${theirs}/`), { code: 'not_found' });
    const many = Array.from({ length: 11 }, () => crypto.randomUUID());
    expectProblem(await prof.post(path, { body: 'x', files: many }), { code: 'invalid_input' });
  });

  it('goes by a socket as by REST', async () => {
    const other = await teacher(t, school);
    const [line, theirs] = [await openSocket(port, prof), await openSocket(port, other)];
    const { id } = await send(prof, other);
    await theirs.hears('messages.changed');
    const file = await prepareFile(prof, 'plan.txt', 'Salle 12');
    const said = await line.ask('messages.send', { conversation_id: id, body: '', files: [file] });
    expect(said).toMatchObject({ ok: true, data: { files: [{ id: file, name: 'plan.txt' }] } });
    expect((await other.get(said.data.files[0].url.replace('/api/v1', ''))).text).toBe('Salle 12');
  });

  it('of a picture has a smaller one, and no more of them', async () => {
    const own = await createSchool(t);
    const root = await superadmin(t);
    await root.post(`/tenants/${own.id}/update_modules/`, { modules_enabled: { media: false } });
    const [one, two] = [await teacher(t, own), await teacher(t, own)];
    const picture = await sharp({ create: { width: 960, height: 640, channels: 3, background: '#2E7D32' } })
      .png()
      .toBuffer();
    const { body } = await uploadFile(one, 'cour.png', picture, {}, {}, '/conversations/files/');
    const file = body.results[0].id as string;
    // Without the library too.
    expect(await t.services.mediaVariants.make(own.ref, file, { shownOnly: true })).toBe(2);
    const made = await one.post('/conversations/', { user_ids: [two.userId], body: '', files: [file] });
    const [message] = (await two.get(`/conversations/${made.body.id}/messages/`)).body.results;
    const path = message.files[0].url.replace('/api/v1', '');
    const smaller = await two.send({
      method: 'GET',
      url: `/api/v1${path}?variant=med`,
      headers: { accept: 'image/webp' },
    });
    expect([smaller.status, smaller.headers['content-type']]).toEqual([200, 'image/webp']);
    await one.delete(`/conversations/${made.body.id}/messages/${message.id}/`);
    expect(await stored(own)).toBe(0);
  });
});

describe('a file of the library', () => {
  it('is sent as a copy, which outlives it', async () => {
    const kept = (await uploadFile(prof, 'menu.txt', 'Soupe')).body.results[0].id as string;
    const copy = await prof.post('/conversations/files/copy/', { media_id: kept });
    expect(copy.body).toMatchObject({ name: 'menu.txt', bytes: 5 });
    const made = await prof.post('/conversations/', {
      user_ids: [parent.userId],
      subject: 'Cantine',
      body: '',
      files: [copy.body.id],
    });
    const [message] = (await parent.get(`/conversations/${made.body.id}/messages/`)).body.results;
    expect((await prof.delete(`/media/${kept}/for_good/`)).status).toBe(204);
    expect((await parent.get(message.files[0].url.replace('/api/v1', ''))).text).toBe('Soupe');
    expectProblem(await prof.post('/conversations/files/copy/', { media_id: kept }), { code: 'not_found' });
  });

  it('is copied by those who may look into a library that is open', async () => {
    const own = await createSchool(t);
    const [adult, child] = [await teacher(t, own), await student(t, own)];
    const kept = (await uploadFile(adult, 'menu.txt', 'Soupe')).body.results[0].id as string;
    const copy = (by: Client) => by.post('/conversations/files/copy/', { media_id: kept });
    expectProblem(await copy(child), { code: 'permission_denied' });
    const heard = t.hears('tenant', own.id);
    await (
      await superadmin(t)
    ).post(`/tenants/${own.id}/update_modules/`, { modules_enabled: { media: false } });
    await heard;
    expectProblem(await copy(adult), { code: 'module_disabled' });
    expect(await prepareFile(adult)).toBeDefined();
  });
});

describe('room', () => {
  it('is the school’s, and given back when a message is taken back, grows too old, or is never sent', async () => {
    const own = await createSchool(t);
    const [one, two] = [await teacher(t, own), await teacher(t, own)];
    const sent = await send(one, two, 'a.txt', 'x'.repeat(1_000));
    const old = await send(one, two, 'b.txt', 'x'.repeat(200));
    const dropped = await prepareFile(one, 'c.txt', 'x'.repeat(30));
    await prepareFile(two, 'd.txt', 'x'.repeat(4));
    expect(await stored(own)).toBe(1_234);
    expect((await one.delete(`/conversations/files/${dropped}/`)).status).toBe(204);
    expect((await one.delete(`/conversations/${sent.id}/messages/${sent.message.id}/`)).status).toBe(204);
    expectProblem(await two.get(sent.url), { code: 'not_found' });
    const [gone] = (await two.get(`/conversations/${sent.id}/messages/`)).body.results.slice(-1);
    expect(gone).toMatchObject({ body: null, files: [] });
    expect(await stored(own)).toBe(204);
    await t.sql(
      `UPDATE ${own.schemaName}.messages SET created_at = now() - interval '366 days' WHERE id = $1`,
      [old.message.id],
    );
    await t.sql(`UPDATE ${own.schemaName}.media_files SET created_at = now() - interval '25 hours'`);
    expect(await t.services.messaging.forget(own.ref)).toBe(1);
    expect(await stored(own)).toBe(0);
  });

  it('is asked for before a file is taken in, and a file is no larger than a message may carry', async () => {
    const own = await createSchool(t);
    const one = await teacher(t, own);
    const large = Buffer.alloc(MOST_MESSAGE_FILE_BYTES + 1, 'x');
    const refused = await uploadFile(one, 'long.txt', large, {}, {}, '/conversations/files/');
    expectProblem(refused, { code: 'file_too_large' });
    expect(refused.body.detail).toContain('long.txt');
    await t.sql(`UPDATE public.tenant_usage SET storage_bytes = 1e15 WHERE tenant_id = $1`, [own.id]);
    expectProblem(await uploadFile(one, 'a.txt', 'x', {}, {}, '/conversations/files/'), {
      code: 'quota_exceeded',
    });
  });

  it('is not filled with what nobody sends', async () => {
    const one = await teacher(t, school);
    const ids = await Promise.all(Array.from({ length: MOST_WAITING_FILES }, () => prepareFile(one)));
    const more = () => uploadFile(one, 'a.txt', 'x', {}, {}, '/conversations/files/');
    expectProblem(await more(), { code: 'too_many_waiting_files' });
    await one.delete(`/conversations/files/${ids[0]}/`);
    expect((await more()).status).toBe(201);
  });
});

describe('a report', () => {
  it('shows the message with its files and what was said around it, and those who reported hear of the end', async () => {
    const [adult, child] = [await teacher(t, school), await student(t, school)];
    const { id } = await send(adult, child, 'avant.txt', 'Avant');
    const file = await prepareFile(adult, 'moquerie.txt', 'Ha');
    const path = `/conversations/${id}/messages/`;
    const bad = (await adult.post(path, { body: 'Regarde', files: [file] })).body;
    await child.post(path, { body: 'Arrêtez' });
    await child.post(`${path}${bad.id}/report/`, { reason: 'Moquerie' });
    const told = async (who: Client, kind: string) =>
      (await who.get('/notifications/')).body.results.filter((one: { kind: string }) => one.kind === kind);
    expect(await told(head, 'messaging.reported')).toHaveLength(1);

    const { results } = (await head.get('/message-reports/', { query: { page_size: 100 } })).body;
    const report = results.find(({ reason }: { reason: string }) => reason === 'Moquerie');
    const detail = (await head.get(`/message-reports/${report.id}/`)).body;
    expect(detail.around.map(({ body }: { body: string }) => body)).toEqual(['', 'Regarde', 'Arrêtez']);
    const [url] = detail.message.files.map((one: { url: string }) => one.url.replace('/api/v1', ''));
    expect((await head.get(url)).text).toBe('Ha');
    expectProblem(await adult.get(url), { code: 'permission_denied' });
    expectProblem(await head.get(url.replace(file, (await send(adult, child)).file)), { code: 'not_found' });
    const looked = await t.sql<{ action: string }>(
      `SELECT action FROM audit.log WHERE target_id = $1 AND action LIKE 'message_report.%' ORDER BY action`,
      [bad.id],
    );
    expect(looked.map(({ action }) => action)).toEqual(['message_report.open_file', 'message_report.read']);

    expect((await head.post(`/message-reports/${report.id}/resolve/`, { remove: true })).status).toBe(204);
    expectProblem(await child.get(bad.files[0].url.replace('/api/v1', '')), { code: 'not_found' });
    expectProblem(await head.get(url), { code: 'not_found' });
    expect(await told(child, 'messaging.report_resolved')).toMatchObject([
      { text: 'Le message est retiré.' },
    ]);
    expect(await told(adult, 'messaging.report_resolved')).toEqual([]);
  });

  it('still shows what its author takes back, to nobody else, until it is dealt with', async () => {
    const own = await createSchool(t);
    const boss = await schoolAdmin(t, own);
    const [adult, child] = [await teacher(t, own), await student(t, own)];
    const { id, message, url } = await send(adult, child, 'moquerie.txt', 'Ha');
    const path = `/conversations/${id}/messages/`;
    await child.post(`${path}${message.id}/report/`, { reason: 'Moquerie' });
    expect((await adult.delete(`${path}${message.id}/`)).status).toBe(204);
    for (const reader of [adult, child]) {
      expect((await reader.get(path)).body.results).toMatchObject([{ body: null, files: [] }]);
      expectProblem(await reader.get(url), { code: 'not_found' });
      const [listed] = (await reader.get('/conversations/')).body.results;
      expect(listed).toMatchObject({ unread: 0, last_message: { body: null, files: 0 } });
    }
    const [report] = (await boss.get('/message-reports/')).body.results;
    expect(report).toMatchObject({ taken_back: true, message: { files: [{ name: 'moquerie.txt' }] } });
    const kept = report.message.files[0].url.replace('/api/v1', '');
    expect((await boss.get(kept)).text).toBe('Ha');
    await boss.post(`/message-reports/${report.id}/resolve/`, { remove: false });
    expectProblem(await boss.get(kept), { code: 'not_found' });
    expect(await stored(own)).toBe(0);
  });

  it('of a message that was left is taken up again when it is shown again', async () => {
    const [adult, child] = [await teacher(t, school), await student(t, school)];
    const { id, message } = await send(adult, child);
    const report = () =>
      child.post(`/conversations/${id}/messages/${message.id}/report/`, { reason: 'Encore' });
    const waiting = async () =>
      (await head.get('/message-reports/', { query: { page_size: 100 } })).body.results.filter(
        ({ reason }: { reason: string }) => reason === 'Encore',
      );
    await report();
    const [first] = await waiting();
    await head.post(`/message-reports/${first.id}/resolve/`, { remove: false });
    expect(await waiting()).toEqual([]);
    await report();
    expect(await waiting()).toHaveLength(1);
  });
});
