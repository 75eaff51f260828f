import Table from 'cli-table3';
import type { Printer } from '../features/define-feature.ts';
import { createProgressBar } from './progress-bar.ts';

/** Results on standard output: for people on a terminal, one JSON document a line for programs. Remarks on standard error. */
export function createPrinter({ json, colour }: { json: boolean; colour: boolean }): Printer {
  const forPeople = process.stdout.isTTY && !json;
  const write = (text: string) => void process.stdout.write(`${text}\n`);

  return {
    forPeople,
    result(value, text) {
      write(forPeople ? (text ?? JSON.stringify(value, null, 2)) : JSON.stringify(value));
    },
    table(columns, rows, values, always = false) {
      if (!forPeople && !always) {
        for (const value of values) write(JSON.stringify(value));
        return;
      }
      const table = new Table({ head: [...columns], style: { head: colour ? ['bold'] : [], border: [] } });
      for (const row of rows) table.push(row.map((cell) => String(cell)));
      write(table.toString());
    },
    text: write,
    progress: () => createProgressBar(process.stderr.isTTY && !json),
    note: (text) => void process.stderr.write(`${text}\n`),
  };
}
