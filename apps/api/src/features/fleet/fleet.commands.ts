import type { Command } from 'commander';
import type { RunCommand } from '../define-feature.ts';
import { keepSnapshot } from './snapshot.ts';
import { migrateFleet, planMigration } from './fleet.service.ts';

interface Options {
  schema?: string;
  plan?: boolean;
}

export function fleetCommands(program: Command, run: RunCommand): void {
  const migrate = (options: Options) =>
    run(async (services, print) => {
      const schema =
        options.schema && options.schema !== 'public'
          ? (await services.tenants.get(await services.tenants.identify(options.schema))).tenant.schema_name
          : options.schema;
      if (options.plan) {
        const plan = await planMigration(services, schema);
        print.table(
          ['schema', 'version'],
          plan.map((row) => [row.schemaName, row.version ?? '—']),
          plan,
        );
        return;
      }
      const reports = await migrateFleet(services, {
        ...(schema ? { schema } : {}),
        onReport: (report) =>
          print.note(`${report.schemaName}: ${report.error ?? `${report.applied.length} applied`}`),
      });
      print.table(
        ['schema', 'from', 'to', 'applied', 'error'],
        reports.map((report) => [
          report.schemaName,
          report.from ?? '—',
          report.to ?? '—',
          report.applied.length,
          report.error ?? '',
        ]),
        reports,
      );
      if (reports.length === 0) print.note('Nothing to do: every schema is up to date.');
      const failed = reports.filter(({ error }) => error).length;
      if (failed > 0) throw new Error(`${failed} of ${reports.length} schemas could not be migrated`);
    });

  for (const name of ['migrate', 'migrate_tenants']) {
    program
      .command(name)
      .description('bring the shared tables and every school up to date')
      .option('--schema <name>', 'only this school: schema, subdomain, domain or id')
      .option('--plan', 'say what would be done')
      .option('--json', 'print JSON')
      .action(migrate);
  }
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
}
