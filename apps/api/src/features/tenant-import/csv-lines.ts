import { IMPORT_MAX_LINES } from '@preau/contracts/tenant-import';
import { AppError } from '../../platform/app-error.ts';
import { readCsvFile, type CsvFile, type CsvLine as Line } from '../../platform/csv-lines.ts';
import { type Column, findColumns } from './columns.ts';

export type CsvLine = Line<Column>;

/** What a column must be there for: without a name there is nothing to enter, without a key nothing to know it by. */
function checkColumns(columns: readonly (Column | null)[]): void {
  const missing: string[] = [];
  if (!columns.includes('school_name')) missing.push('nom_etablissement');
  if (!columns.includes('uai') && !columns.includes('subdomain'))
    missing.push('identifiant_de_l_etablissement');
  if (missing.length > 0) throw new AppError('import_columns_missing', { details: { columns: missing } });
}

/** @throws AppError `import_columns_missing`, `import_too_long` */
export const readCsv = (path: string): Promise<CsvFile<Column>> =>
  readCsvFile(path, {
    columnsOf(headings) {
      const found = findColumns(headings);
      checkColumns(found.columns);
      return found;
    },
    maxLines: IMPORT_MAX_LINES,
    tooLong: () => new AppError('import_too_long', { details: { limit: IMPORT_MAX_LINES } }),
  });
