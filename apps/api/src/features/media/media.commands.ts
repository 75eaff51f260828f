import type { Command } from 'commander';
import { OPERATOR } from '../audit/index.ts';
import type { RunCommand } from '../define-feature.ts';
import type { StorageReport } from './verify.service.ts';

/** `preau media verify|sweep` */
export function mediaCommands(program: Command, run: RunCommand): void {
  const media = program.command('media').description('files of schools, and the ledger of what they take');

  media
    .command('verify [school]')
    .description(
      'prove that files, store and ledger agree; of one school, or of all. Ends with 1 if they do not',
    )
    .option(
      '--repair',
      'remove what is nobody’s and correct the ledger; what is missing stays for you to see',
    )
    .option('--json', 'print JSON')
    .action((name: string | undefined, { repair = false }: { repair?: boolean }) =>
      run(async ({ tenants, mediaCare }, print) => {
        const id = name === undefined ? null : await tenants.identify(name);
        const reports: StorageReport[] = [];
        for await (const report of mediaCare.verify(OPERATOR, { id, repair })) reports.push(report);
        print.table(
          ['school', 'files', 'written down', 'in the store', 'ledger', 'reserved', 'findings'],
          reports.map((report) => [
            report.subdomain,
            report.files,
            report.row_bytes,
            report.stored_bytes,
            report.ledger_bytes,
            report.reserved_bytes,
            report.findings.length,
          ]),
          reports,
        );
        for (const { subdomain, findings } of reports)
          for (const { kind, key, expected, found, repaired } of findings)
            print.note(
              `${subdomain}: ${kind}${key ? ` ${key}` : ''}: ${expected} expected, ${found} found${repaired ? ', repaired' : ''}`,
            );
        const open = reports.flatMap(({ findings }) => findings).filter(({ repaired }) => !repaired);
        if (open.length > 0) throw new Error(`${open.length} findings; see above`);
      }),
    );

  media
    .command('sweep')
    .description('give back room that was promised to uploads that are no more, and remove what they left')
    .option('--json', 'print JSON')
    .action(() =>
      run(async ({ mediaCare }, print) => {
        const { released, removed, unfinished } = await mediaCare.sweep();
        print.result(
          { released, removed, unfinished },
          `${released} reservations released, ${removed} places cleared, ${unfinished} unfinished writes removed.`,
        );
      }),
    );
}
