import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BYTES_PER_GB } from '@preau/contracts/units';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import {
  schoolAdmin,
  student,
  teacher,
  visitor,
  type Answer,
  type Client,
} from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem } from '../../../test/support/refusals.ts';
import { uploadFile, uploadForm } from '../../../test/support/upload.ts';

const PDF = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(5_000), Buffer.from('\n%%EOF\n')]);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const picture = (width = 640, height = 480) =>
  sharp({ create: { width, height, channels: 3, background: '#2e7d32' } });

let t: TestApp;
let school: School;
let prof: Client;
let pupil: Client;
beforeAll(async () => {
  t = await createTestApp();
  school = await createSchool(t, { max_storage_gb: 1 });
  [prof, pupil] = [await teacher(t, school), await student(t, school)];
});
afterAll(() => t.close());

const usage = async (of = school) =>
  (
    await t.sql<{ used: number; reserved: number }>(
      'SELECT storage_bytes::float8 AS used, storage_reserved::float8 AS reserved FROM public.tenant_usage WHERE tenant_id = $1',
      [of.id],
    )
  )[0];
const stored = async (of = school) => {
  const keys: string[] = [];
  for await (const { key } of t.services.storage.keys(`mediafiles/tenant_${of.id}/`)) keys.push(key);
  return keys;
};
const verified = async (of = school) => {
  for await (const report of t.services.mediaCare.verify(
    { actor: { type: 'operator', id: null, label: 'test' }, ip: null, requestId: null },
    { id: of.id },
  ))
    return report.findings;
  throw new Error('No school was verified');
};
const audited = async (id: string) =>
  (
    await t.sql<{ action: string }>('SELECT action FROM audit.log WHERE target_id = $1 ORDER BY seq', [id])
  ).map(({ action }) => action);

describe('an upload', () => {
  it('keeps every byte, says what it is, counts it and leaves a trace', async () => {
    const before = await usage();
    const { status, body, headers } = await uploadFile(prof, 'Règlement intérieur.pdf', PDF, {
      folder: 'documents',
      alt: 'Le règlement',
    });
    expect(status).toBe(201);
    const [file] = body.results;
    expect(file).toMatchObject({
      name: 'Règlement intérieur.pdf',
      alt: 'Le règlement',
      folder: 'documents',
      media_type: 'application/pdf',
      kind: 'document',
      bytes: PDF.length,
      sha256: sha256(PDF),
      width: null,
      may_edit: true,
      trashed_at: null,
    });
    expect(headers['location']).toBe(`/api/v1/media/${file.id}/`);
    expect(await usage()).toEqual({ used: (before?.used ?? 0) + PDF.length, reserved: 0 });
    const [key = ''] = (await stored()).filter((name) => name.includes(file.id));
    expect(key).toBe(`mediafiles/tenant_${school.id}/documents/${file.id}.pdf`);
    expect(readFileSync(join(t.dataDir, key)).equals(PDF)).toBe(true);
    expect(await audited(file.id)).toEqual(['media.upload']);
    expect(await verified()).toEqual([]);
  });

  it('of an image writes it anew, upright and without what the camera noted', async () => {
    const raw = await picture()
      .jpeg()
      .withExif({ IFD0: { Artist: 'Somebody', Orientation: '6' }, IFD3: { GPSLatitude: '48/1 51/1 0/1' } })
      .toBuffer();
    const { status, body } = await uploadFile(prof, 'IMG_0001.JPEG', raw, { folder: 'avatars' });
    expect(status).toBe(201);
    const [file] = body.results;
    expect(file).toMatchObject({
      name: 'IMG_0001.jpg',
      folder: 'avatars',
      media_type: 'image/jpeg',
      kind: 'image',
      width: 640,
    });
    const kept = readFileSync(join(t.dataDir, `mediafiles/tenant_${school.id}/avatars/${file.id}.jpg`));
    expect(kept.length).toBe(file.bytes);
    expect(sha256(kept)).toBe(file.sha256);
    const { exif, format, orientation } = await sharp(kept).metadata();
    expect({ exif, format, orientation }).toEqual({
      exif: undefined,
      format: 'jpeg',
      orientation: undefined,
    });
    expect(kept.includes('Somebody')).toBe(false);
  });

  it('of several files keeps all', async () => {
    const { status, body } = await uploadForm(prof, [
      { name: 'folder', content: 'documents' },
      { name: 'file', filename: 'a.txt', content: 'première' },
      { name: 'file', filename: 'b.csv', content: 'nom;prénom\nDupré;Camille\n' },
    ]);
    expect(status).toBe(201);
    expect(body.results.map(({ name, media_type }: Record<string, string>) => [name, media_type])).toEqual([
      ['a.txt', 'text/plain'],
      ['b.csv', 'text/csv'],
    ]);
    expect(await verified()).toEqual([]);
  });

  it('of several files, one of which is refused, keeps none', async () => {
    const [before, keys] = [await usage(), await stored()];
    const answer = await uploadForm(prof, [
      { name: 'file', filename: 'a.txt', content: 'première' },
      { name: 'file', filename: 'b.exe', content: Buffer.concat([Buffer.from('MZ'), randomBytes(500)]) },
    ]);
    expectProblem(answer, { code: 'file_type_refused' });
    expect(await usage()).toEqual(before);
    expect(await stored()).toEqual(keys);
  });

  it.each([
    ['no file', [{ name: 'folder', content: 'documents' }], 'file_expected'],
    [
      'an unknown folder',
      [
        { name: 'folder', content: '../etc' },
        { name: 'file', filename: 'a.txt', content: 'a' },
      ],
      'invalid_input',
    ],
    [
      'an unknown field',
      [
        { name: 'owner', content: 'me' },
        { name: 'file', filename: 'a.txt', content: 'a' },
      ],
      'invalid_input',
    ],
    [
      'a NUL in a field',
      [
        { name: 'alt', content: 'a\0b' },
        { name: 'file', filename: 'a.txt', content: 'a' },
      ],
      'invalid_input',
    ],
    [
      'too many files',
      Array.from({ length: 21 }, () => ({ name: 'file', filename: 'a.txt', content: 'a' })),
      'invalid_input',
    ],
  ])('with %s is refused and leaves nothing', async (_, parts, code) => {
    const [before, keys] = [await usage(), await stored()];
    expectProblem(await uploadForm(prof, parts), { code: code as 'invalid_input' });
    expect(await usage()).toEqual(before);
    expect(await stored()).toEqual(keys);
  });

  it('that is repeated with its key keeps the file once', async () => {
    const key = { 'idempotency-key': 'devoir-1' };
    const first = await uploadFile(prof, 'une-fois.pdf', PDF, {}, key);
    expect(first.status).toBe(201);
    const again = await uploadFile(prof, 'une-fois.pdf', PDF, {}, key);
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expectProblem(await uploadFile(prof, 'une-fois.pdf', 'autre chose', {}, key), {
      code: 'idempotency_mismatch',
    });
    const { body } = await prof.get('/media/', { query: { search: 'une-fois' } });
    expect(body.results).toHaveLength(1);
    // One that was refused may be sent again.
    const other = { 'idempotency-key': 'devoir-2' };
    expectProblem(await uploadFile(prof, 'x.exe', 'MZ\u0090', {}, other), { code: 'file_type_refused' });
    expect((await uploadFile(prof, 'x.txt', 'texte', {}, other)).status).toBe(201);
  });

  it('is for the staff', async () => {
    expectProblem(await uploadFile(pupil, 'a.txt', 'a'), { code: 'permission_denied' });
    expectProblem(await uploadFile(visitor(t, school.host), 'a.txt', 'a'), { code: 'not_authenticated' });
    expectProblem(await pupil.get('/media/'), { code: 'permission_denied' });
  });
});

describe('the limit', () => {
  it('lets in what fits to the byte, and not one byte more', async () => {
    const small = await createSchool(t, { max_storage_gb: 1 });
    const by = await teacher(t, small);
    await t.sql('UPDATE public.tenant_usage SET storage_bytes = $2 WHERE tenant_id = $1', [
      small.id,
      BYTES_PER_GB - PDF.length,
    ]);
    const over = await uploadFile(by, 'a.pdf', Buffer.concat([PDF, Buffer.from('x')]));
    expectProblem(over, { code: 'quota_exceeded' });
    expect(over.body).toMatchObject({
      limit: BYTES_PER_GB,
      used: BYTES_PER_GB - PDF.length,
      asked: PDF.length + 1,
    });
    expect(await usage(small)).toEqual({ used: BYTES_PER_GB - PDF.length, reserved: 0 });
    expect((await uploadFile(by, 'a.pdf', PDF)).status).toBe(201);
    expect(await usage(small)).toEqual({ used: BYTES_PER_GB, reserved: 0 });
    expectProblem(await uploadFile(by, 'b.txt', 'x'), { code: 'quota_exceeded' });
    expect((await stored(small)).length).toBe(1);
  });

  it('counts what comes without an announced length', async () => {
    const small = await createSchool(t, { max_storage_gb: 1 });
    const by = await teacher(t, small);
    await t.sql('UPDATE public.tenant_usage SET storage_bytes = $2 WHERE tenant_id = $1', [
      small.id,
      BYTES_PER_GB - PDF.length,
    ]);
    const chunked = { 'transfer-encoding': 'chunked' };
    expectProblem(await uploadFile(by, 'a.pdf', Buffer.concat([PDF, Buffer.from('x')]), {}, chunked), {
      code: 'quota_exceeded',
    });
    expect((await uploadFile(by, 'a.pdf', PDF, {}, chunked)).status).toBe(201);
    expect(await usage(small)).toEqual({ used: BYTES_PER_GB, reserved: 0 });
  });

  it('is told of at 80, 95 and 100 per cent, each once, to the administrators and the trail', async () => {
    const small = await createSchool(t, { max_storage_gb: 1 });
    const head = await schoolAdmin(t, small);
    const told = async () =>
      (
        await t.sql<{ level: number }>(
          `SELECT (data->>'level')::int AS level FROM public.mails WHERE tenant_id = $1 AND kind = 'media.storage_level' ORDER BY id`,
          [small.id],
        )
      ).map(({ level }) => level);
    const at = async (share: number) => {
      await t.sql('UPDATE public.tenant_usage SET storage_bytes = $2 WHERE tenant_id = $1', [
        small.id,
        Math.floor(BYTES_PER_GB * share) - 1,
      ]);
      expect((await uploadFile(head, 'a.txt', 'x')).status).toBe(201);
    };
    await at(0.5);
    expect(await told()).toEqual([]);
    await at(0.8001);
    await at(0.81);
    expect(await told()).toEqual([80]);
    await at(0.96);
    await at(1);
    expect(await told()).toEqual([80, 95, 100]);
    // Down again, and up again.
    await at(0.5);
    await at(0.9);
    expect(await told()).toEqual([80, 95, 100, 80]);
    const rows = await t.sql<{ level: number }>(
      `SELECT (after->>'level')::int AS level FROM audit.log WHERE tenant_id = $1 AND action = 'storage.level' ORDER BY seq`,
      [small.id],
    );
    expect(rows.map(({ level }) => level)).toEqual([80, 95, 100, 80]);
    const { body } = await head.get('/media/usage/');
    expect(body).toMatchObject({ limit_bytes: BYTES_PER_GB, reserved_bytes: 0, warning: 80 });
  });

  it('of one file is the installation’s', async () => {
    const { body } = await prof.get('/media/usage/');
    expect(body.largest_file_bytes).toBe(4_096_000_000);
  });
});

describe('the library', () => {
  let here: School;
  let by: Client;
  const names = ['un.txt', 'deux.txt', 'trois.txt', 'quatre.txt', 'cinq.txt'];
  beforeAll(async () => {
    here = await createSchool(t);
    by = await teacher(t, here);
    for (const name of names)
      await uploadFile(by, name, name, { folder: name === 'un.txt' ? 'avatars' : 'documents' });
  });

  it('comes in pages, newest first, and none is missed', async () => {
    const seen: string[] = [];
    let path: string | null = '/media/?page_size=2';
    while (path) {
      const { body, status }: Answer = await by.get(path);
      expect(status).toBe(200);
      seen.push(...body.results.map(({ name }: { name: string }) => name));
      path = body.next?.replace('/api/v1', '') ?? null;
    }
    expect(seen).toEqual(names.toReversed());
  });

  it('is searched by name and narrowed by folder and kind', async () => {
    const found = async (query: Record<string, string>) =>
      (await by.get('/media/', { query })).body.results.map(({ name }: { name: string }) => name);
    expect(await found({ search: 'DEUX' })).toEqual(['deux.txt']);
    expect(await found({ search: '%' })).toEqual([]);
    expect(await found({ folder: 'avatars' })).toEqual(['un.txt']);
    expect(await found({ kind: 'image' })).toEqual([]);
    expect((await found({ kind: 'document' })).length).toBe(5);
  });

  it('renames, describes and moves, the ending kept', async () => {
    const [file] = (await by.get('/media/', { query: { search: 'trois' } })).body.results;
    const answer = await by.patch(`/media/${file.id}/`, {
      name: '../3.exe',
      alt: ' Trois ',
      folder: 'school_assets',
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ name: '3_exe.txt', alt: 'Trois', folder: 'school_assets' });
    const stale = await by.patch(`/media/${file.id}/`, { alt: 'x' }, { headers: { 'if-match': '"v1.x"' } });
    expectProblem(stale, { code: 'precondition_failed' });
  });

  it('lets its maker and administrators change a file, and other staff see it', async () => {
    const [file] = (await by.get('/media/', { query: { search: 'quatre' } })).body.results;
    const other = await teacher(t, here);
    expect((await other.get(`/media/${file.id}/`)).body.may_edit).toBe(false);
    expectProblem(await other.patch(`/media/${file.id}/`, { alt: 'x' }), { code: 'permission_denied' });
    expectProblem(await other.delete(`/media/${file.id}/`), { code: 'permission_denied' });
    expect((await (await schoolAdmin(t, here)).patch(`/media/${file.id}/`, { alt: 'x' })).status).toBe(200);
  });
});

describe('the trash', () => {
  const uploaded = async () =>
    (await uploadFile(prof, 'vieux.txt', 'à jeter')).body.results[0] as { id: string; bytes: number };
  const listed = async (trash: boolean) =>
    (await prof.get('/media/', { query: { trash, search: 'vieux' } })).body.results.map(
      ({ id }: { id: string }) => id,
    );

  it('keeps a file and its bytes until it is taken out', async () => {
    const { id } = await uploaded();
    const before = await usage();
    expect((await prof.delete(`/media/${id}/`)).status).toBe(204);
    expect(await usage()).toEqual(before);
    expect(await listed(false)).not.toContain(id);
    expect(await listed(true)).toContain(id);
    expectProblem(await prof.get(`/media/${id}/content/`), { code: 'not_found' });
    expectProblem(await pupil.get(`/media/${id}/`), { code: 'not_found' });
    expect((await prof.get(`/media/${id}/`)).body.purged_at).not.toBeNull();
    expect((await prof.post(`/media/${id}/restore/`)).body.trashed_at).toBeNull();
    expect((await prof.get(`/media/${id}/content/`)).text).toBe('à jeter');
    expect(await audited(id)).toEqual(['media.upload', 'media.trash', 'media.restore']);
  });

  it('gives the room back when a file is deleted for good', async () => {
    const before = await usage();
    const { id } = await uploaded();
    expect((await prof.delete(`/media/${id}/for_good/`)).status).toBe(204);
    expect(await usage()).toEqual(before);
    expect((await stored()).filter((key) => key.includes(id))).toEqual([]);
    expectProblem(await prof.get(`/media/${id}/`), { code: 'not_found' });
    expect(await audited(id)).toEqual(['media.upload', 'media.delete']);
  });

  it('is emptied of what has been in it for thirty days', async () => {
    const [old, recent] = [await uploaded(), await uploaded()];
    for (const { id } of [old, recent]) await prof.delete(`/media/${id}/`);
    await t.sql(
      `UPDATE ${school.schemaName}.media_files SET trashed_at = now() - interval '30 days 1 minute' WHERE id = $1`,
      [old.id],
    );
    const before = await usage();
    await t.services.mediaCare.emptyTrash({
      actor: { type: 'system', id: null, label: 'system' },
      ip: null,
      requestId: null,
    });
    expectProblem(await prof.get(`/media/${old.id}/`), { code: 'not_found' });
    expect((await prof.get(`/media/${recent.id}/`)).status).toBe(200);
    expect(await usage()).toEqual({ used: (before?.used ?? 0) - old.bytes, reserved: 0 });
    expect(await verified()).toEqual([]);
  });
});
