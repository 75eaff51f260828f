import { basename } from 'node:path';
import type { ImportLine } from '@preau/contracts/tenant-import';
import type { Command } from 'commander';
import { shell } from '../../config.ts';
import { OPERATOR } from '../audit/index.ts';
import type { RunCommand } from '../define-feature.ts';

interface ImportOptions {
  dryRun?: boolean;
  provision?: boolean;
}

const cells = ({ line, uai, name, subdomain, action, changes, errors }: ImportLine): string[] => [
  String(line),
  uai ?? '',
  name,
  subdomain ?? '',
  action,
  [...changes, ...errors.map(({ path, message }) => (path ? `${path}: ${message}` : message))].join(' '),
];

/** `preau tenants import`: in this process, so that it needs no server. */
export function tenantImportCommands(program: Command, run: RunCommand): void {
  const tenants = program.commands.find((command) => command.name() === 'tenants');
  tenants
    ?.command('import <file>')
    .description('enter or update the schools of a CSV file; the national directory’s columns are understood')
    .option('--dry-run', 'say what would happen, line by line, and change nothing')
    .option('--provision', 'build the space of each school that has none')
    .option('--json', 'print JSON')
    .action((file: string, { dryRun = false, provision = false }: ImportOptions) =>
      run(async ({ tenantImport }, print) => {
        const { language } = shell();
        const request = { path: file, fileName: basename(file), provision, language };
        const report = dryRun
          ? await tenantImport.preview(request)
          : await tenantImport.run(request, OPERATOR, {
              onLine: (done, total, { name, action }) => print.note(`${done}/${total} ${action} ${name}`),
            });
        const { counts, lines } = report;
        print.table(
          ['line', 'UAI', 'school', 'subdomain', 'what', 'changes or reasons'],
          lines.filter(({ action }) => action !== 'unchanged').map(cells),
          [report],
        );
        print.note(
          `${counts.lines} lines: ${counts.create} created, ${counts.update} updated, ${counts.unchanged} unchanged, ` +
            `${counts.refused} refused, ${counts.provision} provisioned${dryRun ? ' (dry run: nothing was changed)' : ''}`,
        );
        if (counts.failed + counts.refused > 0)
          throw new Error(`${counts.failed + counts.refused} lines could not be imported whole; see above`);
      }),
    );
}
