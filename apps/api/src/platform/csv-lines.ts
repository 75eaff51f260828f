import { parse } from 'csv-parse';
import type { FieldProblem } from './app-error.ts';
import { detectDelimiter, detectEncoding, readText, type Delimiter, type Encoding } from './csv-text.ts';

/** One line after the header: its cells by column, those that are empty left out; or why it cannot be read. */
export interface CsvLine<C extends string> {
  line: number;
  cells: Partial<Record<C, string>>;
  problem: FieldProblem | null;
}

export interface CsvFile<C extends string> {
  encoding: Encoding;
  delimiter: Delimiter;
  ignored: string[];
  lines: CsvLine<C>[];
}

/** What a reader knows of its files. */
export interface CsvReading<C extends string> {
  /** Which column is which; null for those that mean nothing here, whose headings are `ignored`. Throws when one is missing. */
  columnsOf(headings: readonly string[]): { columns: (C | null)[]; ignored: string[] };
  maxLines: number;
  /** Of a file with more lines. */
  tooLong(): Error;
}

/** A heading without what differs from one export to the next: case, accents, spaces and hyphens. */
const plain = (heading: string): string =>
  heading
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');

/** Finds columns by any of their headings, as they are once plain. */
export function columnFinder<C extends string>(
  headings: Readonly<Record<C, readonly string[]>>,
): CsvReading<C>['columnsOf'] {
  const byHeading = new Map<string, C>(
    (Object.entries(headings) as [C, readonly string[]][]).flatMap(([column, names]) =>
      names.map((name): [string, C] => [name, column]),
    ),
  );
  return (named) => {
    const columns = named.map((heading) => byHeading.get(plain(heading)) ?? null);
    return { columns, ignored: named.filter((heading, at) => heading !== '' && columns[at] === null) };
  };
}

/**
 * Reads a CSV file: UTF-8, UTF-16 or Windows-1252, with `;`, `,` or tabs, line breaks in quotes allowed. A line that
 * cannot be read is told and passed over.
 */
export async function readCsvFile<C extends string>(
  path: string,
  { columnsOf, maxLines, tooLong }: CsvReading<C>,
): Promise<CsvFile<C>> {
  const encoding = await detectEncoding(path);
  const pieces = readText(path, encoding);
  const beginning = (await pieces.next()).value ?? '';
  const delimiter = detectDelimiter(beginning);
  const lines: CsvLine<C>[] = [];
  let columns: (C | null)[] | undefined;
  let ignored: string[] = [];
  let counted = 0;
  const parser = parse({
    delimiter,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    trim: true,
    max_record_size: 100_000,
    on_skip: (error) =>
      void lines.push({
        line: (error as { lines?: number } | undefined)?.lines ?? 0,
        cells: {},
        problem: { path: '', code: 'csv_malformed' },
      }),
  });
  const feed = (async () => {
    try {
      if (!parser.write(beginning)) await new Promise((resolve) => parser.once('drain', resolve));
      for await (const piece of pieces) {
        if (!parser.write(piece)) await new Promise((resolve) => parser.once('drain', resolve));
      }
      parser.end();
    } catch (error) {
      parser.destroy(error as Error);
    }
  })();

  for await (const { record, info } of parser as AsyncIterable<{
    record: string[];
    info: { lines: number };
  }>) {
    // A record with line breaks in quotes is several lines of the file, and goes by the first; the parser takes each \r\n
    // in them for two.
    const text = record.join('');
    const line = info.lines - counted - (text.match(/[\r\n]/g)?.length ?? 0);
    counted += text.match(/\r\n/g)?.length ?? 0;
    if (!columns) {
      ({ columns, ignored } = columnsOf(record));
      continue;
    }
    if (lines.length >= maxLines) throw tooLong();
    const tooMany = record.slice(columns.length).some((cell) => cell !== '');
    const cells: CsvLine<C>['cells'] = {};
    columns.forEach((column, at) => {
      const cell = record[at]?.trim();
      if (column && cell) cells[column] ??= cell;
    });
    lines.push({
      line,
      cells,
      problem: tooMany
        ? { path: '', code: 'csv_cells', values: { count: record.length, columns: columns.length } }
        : null,
    });
  }
  await feed;
  if (!columns) columnsOf([]);
  return { encoding, delimiter, ignored, lines: lines.toSorted((a, b) => a.line - b.line) };
}
