import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import {
  schoolKey,
  student,
  teacher,
  visitor,
  type Answer,
  type Client,
} from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem } from '../../../test/support/refusals.ts';
import { formOf, uploadFile } from '../../../test/support/upload.ts';
import { OPERATOR } from '../audit/index.ts';

const TEXT = 'abcdefghijklmnopqrstuvwxyz'.repeat(400);
const VARIANTS = ['fhd', 'hdr', 'med', 'thumbnail', 'crop_hdr', 'crop'] as const;

let t: TestApp;
let here: School;
let there: School;
let prof: Client;
let pupil: Client;
let stranger: Client;
let note: { id: string; url: string };
beforeAll(async () => {
  t = await createTestApp({ jobs: [] });
  [here, there] = [await createSchool(t), await createSchool(t)];
  [prof, pupil, stranger] = [await teacher(t, here), await student(t, here), await teacher(t, there)];
  note = (await uploadFile(prof, 'Été « 2026 ».txt', TEXT)).body.results[0];
});
afterAll(() => t.close());

const content = (
  client: Client,
  id: string,
  headers: Record<string, string> = {},
  query: Record<string, string> = {},
): Promise<Answer> => client.get(`/media/${id}/content/`, { headers, query });

describe('a file', () => {
  it('is read by members, under its own name, and cannot run', async () => {
    const { status, text, headers } = await content(pupil, note.id);
    expect(status).toBe(200);
    expect(text).toBe(TEXT);
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-length': String(TEXT.length),
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=300',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['content-security-policy']).toMatch(/default-src 'none'.*; sandbox$/);
    expect(headers['content-disposition']).toMatch(
      /^attachment; filename="[ -~]+"; filename\*=UTF-8''%C3%89t%C3%A9/,
    );
  });

  it.each([
    ['bytes=0-9', 206, TEXT.slice(0, 10), `bytes 0-9/${TEXT.length}`],
    ['bytes=10390-', 206, TEXT.slice(10_390), `bytes 10390-10399/${TEXT.length}`],
    ['bytes=-5', 206, TEXT.slice(-5), `bytes 10395-10399/${TEXT.length}`],
    ['bytes=10390-99999', 206, TEXT.slice(10_390), `bytes 10390-10399/${TEXT.length}`],
    ['bytes=0-1,5-6', 200, TEXT, undefined],
    ['lines=1-2', 200, TEXT, undefined],
    ['bytes=nonsense', 200, TEXT, undefined],
  ])('is sent in the part that is asked for: %s', async (range, status, text, place) => {
    const answer = await content(prof, note.id, { range });
    expect([answer.status, answer.headers['content-range']]).toEqual([status, place]);
    expect(answer.text).toBe(text);
    expect(answer.headers['content-length']).toBe(String(text.length));
  });

  it('has no part past its end', async () => {
    const answer = await content(prof, note.id, { range: 'bytes=10400-' });
    expectProblem(answer, { code: 'range_not_satisfiable' });
    expect(answer.headers['content-range']).toBe('bytes */10400');
  });

  it('is not sent again to who has it, and whole to who has half of another', async () => {
    const { headers } = await content(prof, note.id);
    const etag = headers['etag'] ?? '';
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
    expect((await content(prof, note.id, { 'if-none-match': etag })).status).toBe(304);
    expect((await content(prof, note.id, { 'if-none-match': '"other"' })).status).toBe(200);
    expect(
      (await content(prof, note.id, { 'if-modified-since': headers['last-modified'] ?? '' })).status,
    ).toBe(304);
    expect((await content(prof, note.id, { range: 'bytes=0-1', 'if-range': etag })).status).toBe(206);
    expect((await content(prof, note.id, { range: 'bytes=0-1', 'if-range': '"other"' })).status).toBe(200);
  });

  it('tells its length without its bytes', async () => {
    const { status, headers, text } = await prof.send({
      method: 'HEAD',
      url: `/api/v1/media/${note.id}/content/`,
    });
    expect([status, headers['content-length'], text]).toEqual([200, String(TEXT.length), '']);
  });

  it('is nothing to another school, nor to who has not logged in, by any way', async () => {
    const outsider = await schoolKey(t, there, ['media:read', 'media:browse', 'media:write']);
    for (const variant of ['', ...VARIANTS]) {
      const query: Record<string, string> = variant ? { variant } : {};
      expect((await content(stranger, note.id, {}, query)).status).toBe(404);
      expect((await content(stranger.at(here.host), note.id, {}, query)).status).toBe(403);
      expect((await content(outsider, note.id, {}, query)).status).toBe(404);
      expect((await content(outsider.at(here.host), note.id, {}, query)).status).toBe(403);
      expect((await content(visitor(t, here.host), note.id, {}, query)).status).toBe(401);
    }
  });

  it('is shut with its module, links too', async () => {
    const shut = await createSchool(t);
    const by = await teacher(t, shut);
    const { id } = (await uploadFile(by, 'a.txt', 'a')).body.results[0];
    const { url } = (await by.post(`/media/${id}/links/`, {})).body;
    await t.services.tenants.updateModules(OPERATOR, shut.id, { media: false });
    expectProblem(await content(by, id), { code: 'module_disabled' });
    expectProblem(await visitor(t, shut.host).get(url.replace('/api/v1', '')), { code: 'module_disabled' });
  });
});

describe('a link', () => {
  const open = (url: string, host = here.host, headers = {}) =>
    visitor(t, host).send({ method: 'GET', url, headers });

  it('opens one file to anybody, until it expires', async () => {
    const { status, body } = await prof.post(`/media/${note.id}/links/`, { expires_in: 600 });
    expect(status).toBe(201);
    const answer = await open(body.url);
    expect([answer.status, answer.text]).toEqual([200, TEXT]);
    expect((await open(body.url, here.host, { range: 'bytes=0-1' })).status).toBe(206);
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(body.expires_at) });
    try {
      expectProblem(await open(body.url), { code: 'link_expired' });
    } finally {
      vi.useRealTimers();
    }
    const [row] = await t.sql(`SELECT after FROM audit.log WHERE action = 'media.link' AND target_id = $1`, [
      note.id,
    ]);
    expect(row).toMatchObject({ after: { expires_at: body.expires_at } });
  });

  it('opens nothing at another school, for another file, another picture or a later time', async () => {
    const other = (await uploadFile(prof, 'b.txt', 'b')).body.results[0];
    const { url } = (await prof.post(`/media/${note.id}/links/`, {})).body;
    expect((await open(url, there.host)).status).toBe(404);
    const [id, part, expires, mark] = url.split('/').at(-2).split('.');
    const later = (Number.parseInt(expires, 36) + 1).toString(36);
    for (const token of [
      [other.id, part, expires, mark],
      [id, 'fhd', expires, mark],
      [id, part, later, mark],
      [id, part, expires, `${mark.slice(0, -4)}AAAA`],
      [id, part, expires],
      [id, part, expires, mark, 'x'],
    ])
      expect((await open(`/api/v1/media/shared/${token.join('.')}/`)).status).toBe(404);
  });

  it('is the staff’s to give, of files that there are', async () => {
    expectProblem(await pupil.post(`/media/${note.id}/links/`, {}), { code: 'permission_denied' });
    expectProblem(await stranger.post(`/media/${note.id}/links/`, {}), { code: 'not_found' });
  });

  it('opens nothing once its file is in the trash', async () => {
    const { id } = (await uploadFile(prof, 'c.txt', 'c')).body.results[0];
    const { url } = (await prof.post(`/media/${id}/links/`, {})).body;
    await prof.delete(`/media/${id}/`);
    expect((await open(url)).status).toBe(404);
  });
});

describe('an image', () => {
  const AVIF = 'image/avif,image/webp,image/*,*/*;q=0.8';
  const uploaded = async (width: number, height: number) => {
    const raw = await sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })
      .blur(8)
      .png()
      .toBuffer();
    return (await uploadFile(prof, 'classe.png', raw)).body.results[0] as { id: string };
  };
  const made = (id: string) =>
    vi.waitUntil(
      async () => {
        const { body } = await prof.get(`/media/${id}/`);
        return body.variants.length === VARIANTS.length &&
          body.variants.every(({ formats }: { formats: string[] }) => formats.length === 2)
          ? body
          : null;
      },
      { timeout: 25_000, interval: 100 },
    );

  it('has its smaller pictures made by a job, and each browser gets the best it takes', async () => {
    const { id } = await uploaded(2_100, 1_200);
    const first = await content(prof, id, { accept: AVIF }, { variant: 'med' });
    expect([first.status, first.headers['content-type'], first.headers['cache-control']]).toEqual([
      200,
      'image/png',
      'private, no-cache',
    ]);
    const { variants } = await made(id);
    expect(
      Object.fromEntries(
        variants.map(({ variant, width, height }: Record<string, number>) => [variant, [width, height]]),
      ),
    ).toEqual({
      fhd: [1920, 1097],
      hdr: [720, 411],
      med: [480, 274],
      thumbnail: [150, 86],
      crop_hdr: [960, 540],
      crop: [480, 270],
    });
    const types = async (accept: string) => {
      const { headers } = await content(prof, id, { accept }, { variant: 'crop' });
      expect(headers['vary']).toContain('Accept');
      expect(headers['content-disposition']).toMatch(/^inline; filename=classe\./);
      return headers['content-type'];
    };
    expect(await types(AVIF)).toBe('image/avif');
    expect(await types('image/webp,*/*')).toBe('image/webp');
    expect(await types('image/avif;q=0, image/webp')).toBe('image/webp');
    expect(await types('*/*')).toBe('image/png');
    const tags = new Set<string | undefined>();
    for (const accept of [AVIF, 'image/webp', '*/*'])
      tags.add((await content(prof, id, { accept }, { variant: 'crop' })).headers['etag']);
    expect(tags.size).toBe(3);
    for await (const { findings } of t.services.mediaCare.verify(OPERATOR, { id: here.id }))
      expect(findings).toEqual([]);
    // All of it goes with the file.
    const before = await keysOf(here);
    await prof.delete(`/media/${id}/for_good/`);
    expect((await keysOf(here)).length).toBe(before.length - 13);
  }, 60_000);

  it('is never made larger', async () => {
    const { id } = await uploaded(100, 60);
    const { variants } = await made(id);
    for (const { width, height } of variants) expect([width, height]).toEqual([100, 60]);
  }, 40_000);
});

const keysOf = async ({ id }: School) => {
  const keys: string[] = [];
  for await (const { key } of t.services.storage.keys(`mediafiles/tenant_${id}/`)) keys.push(key);
  return keys;
};

describe('a line that is cut', () => {
  const usage = async () =>
    (
      await t.sql(
        'SELECT storage_bytes::float8 AS used, storage_reserved::float8 AS reserved FROM public.tenant_usage WHERE tenant_id = $1',
        [here.id],
      )
    )[0];

  it.each([
    ['a document', Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(3_000_000)])],
    ['an image', Buffer.concat([Buffer.from('ffd8ffe000104a464946', 'hex'), randomBytes(3_000_000)])],
  ])('in the middle of %s leaves no byte and no promise', async (_, file) => {
    const port = await listening();
    const [before, keys] = [await usage(), await keysOf(here)];
    const { payload, headers } = formOf([{ name: 'file', filename: 'a.pdf', content: file }]);
    const request = httpRequest({
      port,
      host: '127.0.0.1',
      method: 'POST',
      path: '/api/v1/media/',
      headers: { ...prof.headers, host: here.host, ...headers },
    });
    request.on('error', () => {});
    request.write(payload.subarray(0, 2_000_000));
    await vi.waitUntil(async () => ((await usage())?.['reserved'] ?? 0) === file.length, { timeout: 10_000 });
    request.destroy();
    await vi.waitUntil(async () => (await usage())?.['reserved'] === 0, { timeout: 10_000 });
    expect(await usage()).toEqual(before);
    expect(await keysOf(here)).toEqual(keys);
    const drafts = await t.services.storage.removeUnfinished(new Date(Date.now() + 60_000));
    expect(drafts).toEqual({ removed: 0 });
  });

  it('by a refusal is still answered, though more was to come', async () => {
    const port = await listening();
    const { payload, headers } = formOf([
      {
        name: 'file',
        filename: 'a.exe',
        content: Buffer.concat([Buffer.from('MZ'), randomBytes(8_000_000)]),
      },
    ]);
    const answered = Promise.withResolvers<number | undefined>();
    const request = httpRequest(
      {
        port,
        host: '127.0.0.1',
        method: 'POST',
        path: '/api/v1/media/',
        headers: { ...prof.headers, host: here.host, ...headers },
      },
      (response) => {
        response.resume();
        answered.resolve(response.statusCode);
      },
    );
    request.on('error', answered.reject);
    request.end(payload);
    expect(await answered.promise).toBe(415);
  });

  let port: Promise<number> | undefined;
  const listening = () => (port ??= t.listen());
});
