import type { Command } from 'commander';
import type { RunCommand } from '../define-feature.ts';
import { inspectionCommands } from './inspection.commands.ts';
import { migrateCommands } from './migrate.commands.ts';
import { keepSnapshot } from './snapshot.ts';

export function fleetCommands(program: Command, run: RunCommand): void {
  migrateCommands(program, run);
  const fleet = program.command('fleet').description('all schools at once');
  fleet
    .command('snapshot')
    .description('make the ladder of schools into the one text that new schools are built from')
    .option('--check', 'change nothing, and fail if it is not what the ladder makes')
    .option('--json', 'print JSON')
    .action((options: { check?: boolean }) =>
      run(async ({ migrator }, print) => {
        const kept = await keepSnapshot(migrator, options);
        print.result(
          kept,
          kept.changed ? `Written: ${kept.file}, version ${kept.version}.` : `Up to date: ${kept.version}.`,
        );
      }),
    );
  fleet
    .command('pool')
    .description('the schemas that are built ahead for the next schools (PREAU_POOL_SIZE)')
    .option('--fill', 'build what is missing and drop what is too much, now')
    .option('--json', 'print JSON')
    .action((options: { fill?: boolean }) =>
      run(async ({ readyPool }, print) => {
        if (options.fill) {
          const { built, dropped } = await readyPool.fill();
          print.note(`${built} built, ${dropped} dropped`);
        }
        const stock = await readyPool.stock();
        print.result(
          stock,
          `${stock.ready} ready, ${stock.stale} to be migrated first, ${stock.size} wanted`,
        );
      }),
    );
  inspectionCommands(fleet, run);
}
