import { parse } from 'csv-parse';
import { IMPORT_MAX_LINES } from '@preau/contracts/tenant-import';
import { AppError, type FieldProblem } from '../../platform/app-error.ts';
import { type Column, findColumns } from './columns.ts';
import { detectDelimiter, detectEncoding, readText, type Delimiter, type Encoding } from './csv-text.ts';

/** One line after the header: its cells by column, those that are empty left out; or why it cannot be read. */
export interface CsvLine {
  line: number;
  cells: Partial<Record<Column, string>>;
  problem: FieldProblem | null;
}

export interface CsvFile {
  encoding: Encoding;
  delimiter: Delimiter;
  ignored: string[];
  lines: CsvLine[];
}

/** What a column must be there for: without a name there is nothing to enter, without a key nothing to know it by. */
function checkColumns(columns: readonly (Column | null)[]): void {
  const missing: string[] = [];
  if (!columns.includes('school_name')) missing.push('nom_etablissement');
  if (!columns.includes('uai') && !columns.includes('subdomain'))
    missing.push('identifiant_de_l_etablissement');
  if (missing.length > 0) throw new AppError('import_columns_missing', { details: { columns: missing } });
}

/**
 * Reads a CSV file: UTF-8, UTF-16 or Windows-1252, with `;`, `,` or tabs, line breaks in quotes allowed. A line that
 * cannot be read is told and passed over.
 * @throws AppError `import_columns_missing`, `import_too_long`
 */
export async function readCsv(path: string): Promise<CsvFile> {
  const encoding = await detectEncoding(path);
  const pieces = readText(path, encoding);
  const beginning = (await pieces.next()).value ?? '';
  const delimiter = detectDelimiter(beginning);
  const lines: CsvLine[] = [];
  let columns: (Column | null)[] | undefined;
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
      ({ columns, ignored } = findColumns(record));
      checkColumns(columns);
      continue;
    }
    if (lines.length >= IMPORT_MAX_LINES)
      throw new AppError('import_too_long', { details: { limit: IMPORT_MAX_LINES } });
    const tooMany = record.slice(columns.length).some((cell) => cell !== '');
    const cells: CsvLine['cells'] = {};
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
  if (!columns) checkColumns([]);
  return { encoding, delimiter, ignored, lines: lines.toSorted((a, b) => a.line - b.line) };
}
