import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IMPORT_MAX_LINES } from '@preau/contracts/tenant-import';
import { readCsv } from './csv-lines.ts';
import { detectDelimiter } from '../../platform/csv-text.ts';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'preau-csv-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

let counter = 0;
const file = (content: string | Buffer): string => {
  const name = path.join(folder, `${(counter += 1)}.csv`);
  fs.writeFileSync(name, content);
  return name;
};
const TEXT = 'UAI;Nom établissement\n0750655E;Lycée Louis-le-Grand – « œuvre »\n';
const latin = (text: string): Buffer =>
  Buffer.from(
    Array.from(text, (letter) => ({ '–': 0x96, œ: 0x9c })[letter] ?? (letter.codePointAt(0) as number)),
  );

describe('a CSV file', () => {
  it.each([
    ['utf-8', Buffer.from(TEXT)],
    ['utf-8', Buffer.from(`\uFEFF${TEXT}`)],
    ['utf-16le', Buffer.from(`\uFEFF${TEXT}`, 'utf16le')],
    ['windows-1252', latin(TEXT)],
  ])('is read as %s', async (encoding, bytes) => {
    const read = await readCsv(file(bytes));
    expect(read).toMatchObject({ encoding, delimiter: ';', ignored: [] });
    expect(read.lines).toEqual([
      { line: 2, cells: { uai: '0750655E', school_name: 'Lycée Louis-le-Grand – « œuvre »' }, problem: null },
    ]);
  });

  it('is UTF-8 even if a letter falls on the border of two reads', async () => {
    const long = `UAI;nom\n0750655E;${'a'.repeat(65_536 - 17)}é\n`;
    expect((await readCsv(file(long))).lines[0]?.cells.school_name?.endsWith('aé')).toBe(true);
  });

  it.each([
    ['a;b;c\n1,5;2,5', ';'],
    ['a,b,c', ','],
    ['a\tb', '\t'],
    ['"a;b;c",d', ','],
    ['\n"x",y', ','],
  ] as const)('%j is separated by %j', (text, delimiter) => {
    expect(detectDelimiter(text)).toBe(delimiter);
  });

  it('may have line breaks and separators in quotes; lines go by the first one of theirs', async () => {
    const read = await readCsv(
      file(
        'uai,school_name,address\r\n0750655E,"Lycée, ""le"" Grand","123 rue\r\nSaint-Jacques"\r\n\r\n0750654D,Henri IV,rue Clovis\r\n',
      ),
    );
    expect(read.lines.map(({ line, cells }) => [line, cells.school_name])).toEqual([
      [2, 'Lycée, "le" Grand'],
      [5, 'Henri IV'],
    ]);
  });

  it('tells the line that has more cells than columns, and reads the others', async () => {
    const { lines } = await readCsv(file('uai;nom\n0750655E;Lycée; Louis\n0750654D;Henri IV;\n0750656F\n'));
    expect(lines.map(({ problem }) => problem?.code)).toEqual(['csv_cells', undefined, undefined]);
  });

  it('tells a quote that is never closed', async () => {
    const { lines } = await readCsv(file('uai;nom\n0750655E;Louis\n0750654D;"Henri IV\n0750656F;Fénelon\n'));
    expect(lines[0]).toMatchObject({ line: 2, problem: null });
    expect(lines.slice(1).map(({ problem }) => problem?.code)).toEqual(['csv_malformed']);
  });

  it('says which columns it does not know', async () => {
    expect((await readCsv(file('uai;nom;Latitude;Statut public privé\n'))).ignored).toEqual([
      'Latitude',
      'Statut public privé',
    ]);
  });

  it.each([
    ['', 'nom_etablissement'],
    ['a;b\n1;2', 'nom_etablissement'],
    ['nom_etablissement\nx', 'identifiant'],
  ])('without the columns that it needs is refused: %j', async (text, missing) => {
    await expect(readCsv(file(text))).rejects.toMatchObject({
      code: 'import_columns_missing',
      options: { details: { columns: expect.arrayContaining([expect.stringContaining(missing)]) } },
    });
  });

  it('that is too long is refused', async () => {
    const text = `uai;nom\n${'0750655E;x\n'.repeat(IMPORT_MAX_LINES + 1)}`;
    await expect(readCsv(file(text))).rejects.toMatchObject({ code: 'import_too_long' });
  });
});
