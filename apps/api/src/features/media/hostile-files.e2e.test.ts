import { randomBytes } from 'node:crypto';
import { deflateSync, crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import { teacher, type Client } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem } from '../../../test/support/refusals.ts';
import { uploadFile } from '../../../test/support/upload.ts';
import { OPERATOR } from '../audit/index.ts';

let t: TestApp;
let school: School;
let prof: Client;
beforeAll(async () => {
  t = await createTestApp();
  school = await createSchool(t);
  prof = await teacher(t, school);
});
afterAll(() => t.close());

const SCRIPT = '<script>fetch("/api/v1/auth/me/")</script>';
const svg = (inner: string, attributes = '') =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="20" ${attributes}>${inner}</svg>`;
const pdf = Buffer.from(`%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF`);
const picture = () => sharp({ create: { width: 32, height: 32, channels: 3, background: '#abc' } });

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
/** A few bytes that say they are a very large picture. */
function pngOf(width: number, height: number, rows = 1): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc((Math.ceil(width) + 1) * rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const seen = async (id: string) => {
  const answer = await prof.get(`/media/${id}/content/`);
  expect(answer.status).toBe(200);
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  expect(answer.headers['content-security-policy']).toContain('sandbox');
  return answer;
};
const sent = async (name: string, content: Buffer | string) => {
  const { status, body, text } = await uploadFile(prof, name, content);
  expect(status, text).toBe(201);
  return body.results[0] as {
    id: string;
    name: string;
    media_type: string;
    bytes: number;
    width: number | null;
  };
};

describe('refused', () => {
  it.each([
    [
      'a Windows program',
      'photo.jpg',
      Buffer.concat([Buffer.from('MZ'), randomBytes(2_000)]),
      'file_type_refused',
    ],
    [
      'a Linux program',
      'notes.txt',
      Buffer.concat([Buffer.from('7f454c4602010100', 'hex'), randomBytes(2_000)]),
      'file_type_refused',
    ],
    [
      'a Java class',
      'a.pdf',
      Buffer.concat([Buffer.from('cafebabe00000034', 'hex'), randomBytes(500)]),
      'file_type_refused',
    ],
    [
      'bytes that are nothing',
      'a.pdf',
      Buffer.concat([Buffer.from([0, 1, 2]), randomBytes(2_000)]),
      'file_type_refused',
    ],
    ['a picture of 2.5 billion points', 'bombe.png', pngOf(50_000, 50_000), 'image_refused'],
    ['a picture of 100 million points', 'bombe.png', pngOf(10_000, 10_000, 10_000), 'image_refused'],
    [
      'a drawing as large',
      'bombe.svg',
      svg('', '').replace('width="40" height="20"', 'width="50000" height="50000"'),
      'image_refused',
    ],
    [
      'a picture that ends too soon',
      'a.jpg',
      Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex')]),
      'image_refused',
    ],
    [
      'a picture of noise',
      'a.gif',
      Buffer.concat([Buffer.from('GIF89a'), randomBytes(3_000)]),
      'image_refused',
    ],
    [
      'an endless drawing',
      'a.svg',
      `<!DOCTYPE svg [<!ENTITY a "${'a'.repeat(100)}">${Array.from({ length: 20 }, (_, n) => `<!ENTITY ${'abcdefghijklmnopqrstu'[n + 1]} "${`&${'abcdefghijklmnopqrstu'[n]};`.repeat(10)}">`).join('')}]>${svg('<text>&u;</text>')}`,
      'image_refused',
    ],
    [
      'a drawing with an entity of the server',
      'a.svg',
      `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]>${svg('<text y="10">&x;</text>')}`,
      'image_refused',
    ],
  ])('%s', async (_, name, content, code) => {
    expectProblem(await uploadFile(prof, name, content), { code: code as 'image_refused' });
  });
});

describe('made harmless', () => {
  it.each([
    ['a page', 'page.html', `<!doctype html>${SCRIPT}`],
    ['a page that says it is a picture', 'photo.jpg', `<html>${SCRIPT}`],
    ['a page after blanks', 'notes.txt', `\n\n   <body onload=alert(1)>`],
    ['a page after words', 'notes.txt', `Bonjour ${SCRIPT}`],
    [
      'XML with a style that runs',
      'a.xml',
      `<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>`,
    ],
    ['a script', 'a.js', 'alert(document.cookie)'],
    ['a style', 'a.css', 'body{background:url(//example.org)}'],
    ['a shell script', 'a.sh', '#!/bin/sh\nrm -rf /'],
    ['PHP', 'a.php', '<?php system($_GET[0]); ?>'],
  ])('%s is a download of no type', async (_, name, content) => {
    const file = await sent(name, content);
    expect(file.media_type).toBe('application/octet-stream');
    expect(file.name).toMatch(/\.txt$/);
    const { headers, text } = await seen(file.id);
    expect(headers['content-type']).toBe('application/octet-stream');
    expect(headers['content-disposition']).toMatch(/^attachment/);
    expect(text).toBe(content);
  });

  it.each([
    ['a script', svg(`<script>alert(1)</script><rect width="9" height="9"/>`)],
    ['a handler', svg(`<rect width="9" height="9" onload="alert(1)"/>`, 'onload="alert(1)"')],
    [
      'a page in it',
      svg(
        `<foreignObject width="40" height="20"><body xmlns="http://www.w3.org/1999/xhtml">${SCRIPT}</body></foreignObject>`,
      ),
    ],
    [
      'a file of the server',
      svg('<image xlink:href="file:///etc/passwd" width="40" height="20"/><rect width="9" height="9"/>'),
    ],
    ['an address outside', svg('<image xlink:href="http://127.0.0.1:9/x.png" width="40" height="20"/>')],
    [
      'a prolog and a comment',
      `\uFEFF<?xml version="1.0"?><!-- <html> -->${svg('<rect width="9" height="9"/>')}`,
    ],
  ])('a drawing with %s is a picture of it', async (_, content) => {
    const file = await sent('logo.svg', content);
    expect(file).toMatchObject({ name: 'logo.png', media_type: 'image/png', width: 1024 });
    const answer = await prof.send({ method: 'GET', url: `/api/v1/media/${file.id}/content/` });
    expect(answer.headers['content-type']).toBe('image/png');
    for (const word of ['script', 'root:', 'alert', 'svg']) expect(answer.text).not.toContain(word);
  });

  it.each([
    [
      'a picture with a page after it',
      async () => Buffer.concat([await picture().jpeg().toBuffer(), Buffer.from(SCRIPT)]),
    ],
    [
      'a picture with a page in its comment',
      async () => {
        const raw = await picture().jpeg().toBuffer();
        const words = Buffer.from(SCRIPT);
        const size = Buffer.alloc(2);
        size.writeUInt16BE(words.length + 2);
        return Buffer.concat([raw.subarray(0, 2), Buffer.from('fffe', 'hex'), size, words, raw.subarray(2)]);
      },
    ],
    [
      'a picture that is an archive too',
      async () =>
        Buffer.concat([
          await picture().png().toBuffer(),
          Buffer.from('504b0304', 'hex'),
          Buffer.from(SCRIPT),
        ]),
    ],
    [
      'a picture that a script may be',
      async () => Buffer.concat([await picture().gif().toBuffer(), Buffer.from(`=1;${SCRIPT}`)]),
    ],
  ])('%s is the picture alone', async (_, make) => {
    const file = await sent('photo.html', await make());
    const { text, headers } = await seen(file.id);
    expect(headers['content-type']).toMatch(/^image\/(jpeg|png|gif)$/);
    expect(text).not.toContain('script');
    expect(text).not.toContain('PK\u0003\u0004');
  });

  it('a document with a script in it is saved, never shown', async () => {
    const { headers } = await seen((await sent('a.pdf', pdf)).id);
    expect(headers['content-disposition']).toMatch(/^attachment/);
  });

  it('an archive that would fill the disk is never opened', async () => {
    const zip = Buffer.concat([
      Buffer.from('504b03040a0000000000', 'hex'),
      deflateSync(Buffer.alloc(10_000_000)),
      Buffer.from('504b0506', 'hex'),
      Buffer.alloc(18),
    ]);
    expect((await sent('bombe.zip', zip)).bytes).toBe(zip.length);
  });

  it('a file of no bytes is one of none', async () => {
    expect(await sent('vide.txt', '')).toMatchObject({ bytes: 0, media_type: 'text/plain' });
  });

  it.each([
    ['another type than it says', 'rapport.pdf', 'du texte', 'rapport.pdf.txt', 'text/plain'],
    ['two endings', 'photo.php.txt', 'du texte', 'photo_php.txt', 'text/plain'],
    ['a way out', '../../../etc/cron.d/x.txt', 'du texte', 'x.txt', 'text/plain'],
    ['letters that turn around', 'a\u202Etxt.exe', 'du texte', 'atxt_exe.txt', 'text/plain'],
    ['Arabic, Chinese and Hindi', 'الصف 班级 कक्षा.txt', 'du texte', 'الصف 班级 कक्षा.txt', 'text/plain'],
    ['a quote', 'l’"été".txt', 'du texte', 'l’%22été%22.txt', 'text/plain'],
    ['255 bytes', `${'é'.repeat(125)}x.txt`, 'du texte', `${'é'.repeat(125)}x.txt`, 'text/plain'],
    ['more than 255 bytes', `${'é'.repeat(300)}.txt`, 'du texte', `${'é'.repeat(125)}.txt`, 'text/plain'],
  ])('a name with %s', async (_, name, content, kept, type) => {
    const file = await sent(name, content);
    expect([file.name, file.media_type]).toEqual([kept, type]);
    const { headers } = await seen(file.id);
    expect(headers['content-disposition']).toMatch(/^attachment; filename[ -~]+$/);
    expect(headers['content-disposition']).not.toMatch(/\.\.\/|[\r\n]/);
    const stored: string[] = [];
    for await (const { key } of t.services.storage.keys(`mediafiles/tenant_${school.id}/`)) stored.push(key);
    expect(stored.filter((key) => key.includes(file.id))).toEqual([
      `mediafiles/tenant_${school.id}/documents/${file.id}.txt`,
    ]);
  });
});

it('leaves what is written down, what is stored and what is counted the same', async () => {
  for await (const { findings } of t.services.mediaCare.verify(OPERATOR, { id: school.id }))
    expect(findings).toEqual([]);
});
