import { expect, it } from 'vitest';
import { formOf, type FormPart } from '../../test/support/upload.ts';
import { announcedBytes } from './upload-form.ts';

const file = (bytes: number): FormPart => ({
  name: 'file',
  filename: 'a.bin',
  content: Buffer.alloc(bytes, '-'),
});
const field = (name: string, content: string): FormPart => ({ name, content });

function announced(parts: FormPart[], fields: number, length?: number): number | null {
  const { payload, headers } = formOf(parts);
  const boundary = headers['content-type']?.split('boundary=')[1] ?? '';
  return announcedBytes(payload.subarray(0, 65_536), length ?? payload.length, boundary, fields);
}

it.each([0, 1, 5_000, 200_000])('knows a file of %d bytes before it is there', (bytes) => {
  expect(announced([file(bytes)], 0)).toBe(bytes);
});

it('counts no field as a file', () => {
  expect(announced([field('folder', 'documents'), field('alt', 'une\r\n\r\nnote --'), file(777)], 2)).toBe(
    777,
  );
});

it('counts all files, and little more', () => {
  const bytes = announced([file(1_000), file(2_000)], 0) ?? 0;
  expect(bytes).toBeGreaterThanOrEqual(3_000);
  expect(bytes).toBeLessThan(3_300);
});

it('says nothing without a length, or of a form that it does not see through', () => {
  expect(announced([file(10)], 0, Number.NaN)).toBeNull();
  expect(announced([file(10)], 3)).toBeNull();
  expect(announcedBytes(Buffer.from('nonsense'), 10_000, 'x', 0)).toBeNull();
});
