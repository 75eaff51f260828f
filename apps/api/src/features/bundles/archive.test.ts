import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { readArchive, type ArchivePart } from './archive-reader.ts';
import { createArchive, type ArchiveOptions } from './archive-writer.ts';

const LAST = 'manifest.json';
const file = randomBytes(3_000_000);
const lines = Buffer.from('a\tb\n'.repeat(600_000));
const key = await generateX25519Identity();
const recipients = [await identityToRecipient(key)];

async function written(options: ArchiveOptions): Promise<Buffer> {
  const archive = createArchive(options);
  const bytes = archive.output.toArray();
  await archive.part('bundle.json', '{}');
  // As a connection gives them.
  const pieces = Array.from({ length: Math.ceil(lines.length / 65_536) }, (_, at) =>
    lines.subarray(at * 65_536, (at + 1) * 65_536),
  );
  await archive.lines('rows/x', 'copy', Readable.from(pieces, { objectMode: false }));
  await archive.file('files/f', file.length, Readable.from([file], { objectMode: false }));
  await archive.end(LAST, '{"end":true}');
  return Buffer.concat(await bytes);
}

async function read(bytes: Buffer, identities: readonly string[] = []): Promise<Map<string, Buffer>> {
  const parts = new Map<string, Buffer>();
  const source = Readable.from([bytes], { objectMode: false });
  for await (const part of readArchive(source, { identities, last: LAST }))
    parts.set(part.name, await part.buffer());
  return parts;
}

describe('an archive', () => {
  it.each([
    ['plain', { compress: false, recipients: [] }],
    ['compressed', { compress: true, recipients: [] }],
    ['compressed and encrypted', { compress: true, recipients }],
  ])('%s gives back what was written, rows in parts', async (_, options) => {
    const parts = await read(await written(options), [key]);
    expect(parts.get('files/f')?.equals(file)).toBe(true);
    const rows = [...parts].filter(([name]) => name.startsWith('rows/x/')).map(([, content]) => content);
    expect(rows.length).toBeGreaterThan(1);
    expect(Buffer.concat(rows).equals(lines)).toBe(true);
    expect([...parts.keys()].at(-1)).toBe(LAST);
  });

  it('that is encrypted shows nothing, and opens for its key alone', async () => {
    const bytes = await written({ compress: false, recipients });
    expect(bytes.includes('bundle.json')).toBe(false);
    await expect(read(bytes)).rejects.toMatchObject({ code: 'bundle_locked' });
    await expect(read(bytes, [await generateX25519Identity()])).rejects.toMatchObject({
      code: 'bundle_locked',
    });
  });

  it.each([
    ['plain', { compress: false, recipients: [] }],
    ['compressed', { compress: true, recipients: [] }],
    ['compressed and encrypted', { compress: true, recipients }],
  ])('%s is refused wherever it is cut or damaged, and whatever of it is read', async (_, options) => {
    const bytes = await written(options);
    const readers: ((part: ArchivePart) => unknown)[] = [
      (part) => part.buffer(),
      () => undefined,
      async ({ content }) => {
        for await (const _piece of content);
      },
      async ({ content }) => {
        await Promise.race(['data', 'close'].map((event) => once(content, event)));
        content.pause();
      },
    ];
    for (const place of [0.3, 0.5, 0.7, 0.9].map((part) => Math.floor(part * bytes.length))) {
      const changed = Buffer.from(bytes);
      changed.fill('damaged', place, place + 64);
      for (const broken of [changed, bytes.subarray(0, place)])
        for (const reader of readers) {
          const all = async (): Promise<void> => {
            const source = Readable.from([broken], { objectMode: false });
            for await (const part of readArchive(source, { identities: [key], last: LAST }))
              await reader(part);
          };
          await expect(all()).rejects.toMatchObject({ code: 'bundle_damaged' });
        }
    }
  });

  it('is refused when a byte of a part is another one, and when its end is missing', async () => {
    const bytes = await written({ compress: false, recipients: [] });
    const at = bytes.indexOf(file.subarray(0, 64)) + 1_000;
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await expect(read(changed)).rejects.toMatchObject({ code: 'bundle_damaged' });
    await expect(read(bytes.subarray(0, -4_096))).rejects.toMatchObject({ code: 'bundle_damaged' });
  });
});
