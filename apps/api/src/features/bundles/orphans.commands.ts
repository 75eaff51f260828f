import type { Command } from 'commander';
import { CommandFailure } from '../../platform/command-failure.ts';
import type { RunCommand } from '../define-feature.ts';

const FOUND = 7;

/** `preau orphans`. */
export function orphanCommands(program: Command, run: RunCommand): void {
  program
    .command('orphans')
    .description(
      'what schools that are gone have left: schemas, roles, rows, files, archives; changes nothing',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', `\nExit codes: 0 nothing is left, ${FOUND} something is.`)
    .action(() =>
      run(async ({ orphans }, print) => {
        const found = await orphans.scan();
        print.table(
          ['kind', 'name', 'amount'],
          found.map(({ kind, name, amount }) => [kind, name, amount ?? '']),
          found,
        );
        if (found.length > 0) throw new CommandFailure(FOUND, `${found.length} orphans`);
        print.note('Nothing is left of schools that are gone.');
      }),
    );
}
