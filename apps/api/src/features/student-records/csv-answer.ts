import { COLUMN_ORDER, HEADINGS } from './import-columns.ts';
import type { ExportedRow } from './student-export.ts';

/** A cell that no spreadsheet takes for a formula. */
const cell = (value: string | number | null | undefined): string => {
  const text = value === null || value === undefined ? '' : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) && !/^\+?[\d\s.()-]+$/.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
};

/** With a byte order mark and semicolons: what a French spreadsheet opens without a question. */
export const csvText = (lines: readonly (readonly (string | number | null | undefined)[])[]): string =>
  `\uFEFF${lines.map((line) => `${line.map(cell).join(';')}\r\n`).join('')}`;

export const rosterCsv = (rows: readonly ExportedRow[]): string =>
  csvText([
    COLUMN_ORDER.map((column) => HEADINGS[column]),
    ...rows.map((row) => COLUMN_ORDER.map((column) => row[column])),
  ]);
