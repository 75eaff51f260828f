import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { AppError } from '../../platform/app-error.ts';
import { CommandFailure } from '../../platform/command-failure.ts';
import { FORMATS } from '../../platform/formats.ts';
import type { Services } from '../../services.ts';
import { OPERATOR } from '../audit/index.ts';
import type { Printer, RunCommand } from '../define-feature.ts';
import { presentReport, presentSchool, presentShared } from './fleet.presenter.ts';
import { planMigration, runMigration, undoRun, type FleetRun, type MigrateOptions } from './fleet.service.ts';
import { printRehearsals } from './rehearsal-report.ts';

interface Options {
  schema?: string;
  plan?: boolean;
  canary?: number;
  retryFailed?: boolean;
  rollback?: string;
  rehearse?: boolean;
  parallel?: number;
  lockTimeout?: number;
  attempts?: number;
}

const HALTED = 5;
const STOPPED = 6;

const between = (least: number, most: number) => (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  return value;
};

/** `--schema public` is the shared tables alone. */
async function schemaOf({ fleet }: Services, name: string | undefined): Promise<string | undefined> {
  return name === undefined || name === 'public' ? name : fleet.schemaOf(name);
}

async function plan(services: Services, schema: string | undefined, options: Options, print: Printer) {
  const rows = await planMigration(services, { schema, onlyFailed: options.retryFailed });
  print.table(
    ['school', 'schema', 'version'],
    rows.map((row) => [row.subdomain ?? '—', row.schemaName, row.version ?? '—']),
    rows.map(presentSchool),
  );
  print.note(`${rows.length} schemas would be migrated.`);
}

/** Prints what became of each school, and fails where somebody has to look. */
function conclude(run: FleetRun, print: Printer): void {
  const shared = presentShared(run);
  const reports = [...(shared ? [shared] : []), ...run.reports.map(presentReport)];
  if (print.forPeople && reports.length > 0)
    print.table(
      ['school', 'name', 'schema', 'what', 'from', 'to', 'migrations', 'attempts', 'ms', 'error'],
      reports.map((r) => [
        r.subdomain ?? '—',
        r.name ?? '—',
        r.schema_name,
        r.outcome,
        r.from ?? '—',
        r.to ?? '—',
        r.applied.length,
        r.attempts,
        r.ms,
        r.error ?? '',
      ]),
      reports,
    );
  if (reports.length === 0) {
    print.note('Nothing to do: every schema is up to date.');
    return;
  }
  const counts = Object.groupBy(reports, ({ outcome }) => outcome);
  const words = Object.entries(counts).map(([outcome, these]) => `${these.length} ${outcome}`);
  print.note(`${words.join(', ')}${run.id ? `; run ${run.id}` : ''}`);
  const failed = counts.failed?.length ?? 0;
  if (run.status === 'halted') throw new CommandFailure(HALTED, `Halted: ${run.reason}`);
  if (run.status === 'stopped') throw new CommandFailure(STOPPED, 'Stopped; run it again to go on');
  if (failed > 0) throw new CommandFailure(1, `${failed} of ${reports.length} schemas could not be migrated`);
}

async function migrate(services: Services, schema: string | undefined, options: Options, print: Printer) {
  const stop = new AbortController();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const heed = () => {
    print.note('Stopping: schools under way are finished. Once more ends at once.');
    stop.abort();
    for (const signal of signals) process.removeListener(signal, heed);
  };
  for (const signal of signals) process.once(signal, heed);
  const bar = print.progress();
  let done = 0;
  let total = 0;
  const { canary, parallel, lockTimeout, attempts, retryFailed: onlyFailed } = options;
  const tuned: MigrateOptions = {
    ...(canary === undefined ? {} : { canary }),
    ...(parallel === undefined ? {} : { parallel }),
    ...(lockTimeout === undefined ? {} : { lockTimeout }),
    ...(attempts === undefined ? {} : { attempts }),
    schema: schema === 'public' ? undefined : schema,
    sharedOnly: schema === 'public',
    onlyFailed,
    origin: OPERATOR,
    signal: stop.signal,
    onStart: (run) => (total = run.total),
    onWave: ({ number, of, schools }) => print.note(`Wave ${number} of ${of}: ${schools} schools`),
    onReport: (report) => {
      done += 1;
      bar.show('Migrating', { done, total: Math.max(total, done), unit: 'schools' });
      if (!print.forPeople) print.result(presentReport(report));
    },
  };
  try {
    const undo = options.rollback;
    const run =
      undo === undefined ? await runMigration(services, tuned) : await undoRun(services, undo, tuned);
    bar.end();
    const shared = presentShared(run);
    if (shared && !print.forPeople) print.result(shared);
    conclude(run, print);
  } finally {
    bar.end();
    for (const signal of signals) process.removeListener(signal, heed);
  }
}

/** `preau migrate`, and the name that it has in the seeds. */
export function migrateCommands(program: Command, run: RunCommand): void {
  const act = (options: Options) =>
    run(async (services, print) => {
      const schema = await schemaOf(services, options.schema);
      if (options.plan) return plan(services, schema, options, print);
      if (options.rehearse) {
        const found = await services.fleet.rehearse(schema, ({ subdomain, schemaName }) =>
          print.note(`Rehearsing on a copy of ${subdomain ?? schemaName}`),
        );
        return printRehearsals(found, print);
      }
      let { rollback } = options;
      if (rollback === 'last') rollback = await services.fleet.lastMigration();
      else if (rollback !== undefined && !FORMATS.uuid.test(rollback)) throw new AppError('not_found');
      return migrate(services, schema, { ...options, ...(rollback ? { rollback } : {}) }, print);
    });

  for (const name of ['migrate', 'migrate_tenants']) {
    program
      .command(name)
      .description('bring the shared tables and every school up to date')
      .option('--schema <name>', 'only this school: schema, subdomain, domain or id')
      .option('--plan', 'say what would be done')
      .option('--rehearse', 'run it on copies of the largest and the oldest school, and tell times and locks')
      .option(
        '--canary <schools>',
        'so many schools first, then growing waves; a wave with a failure is the last',
        between(1, 100_000),
      )
      .option('--retry-failed', 'only the schools that failed where they are')
      .option('--rollback <run>', 'undo a run, by its id or “last”, in the schools that it has migrated')
      .option('--parallel <schools>', 'schools at a time (2)', between(1, 16))
      .option('--lock-timeout <ms>', 'how long an attempt waits for a lock (2000)', between(1, 600_000))
      .option('--attempts <times>', 'attempts a school where locks or connections fail (6)', between(1, 100))
      .option('--json', 'print JSON')
      .addHelpText(
        'after',
        '\nExit codes: 0 done, 1 schools failed, 2 wrong usage, 3 no such school or run, 5 halted after a wave, 6 stopped by a signal.',
      )
      .action(act);
  }
}
