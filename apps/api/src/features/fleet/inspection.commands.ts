import type { Command } from 'commander';
import { CommandFailure } from '../../platform/command-failure.ts';
import { fieldError } from '../../platform/app-error.ts';
import { FORMATS } from '../../platform/formats.ts';
import type { Printer, RunCommand } from '../define-feature.ts';
import { presentDrift, presentStatus } from './fleet.presenter.ts';
import type { ResultRow, RunRow } from './fleet.read-model.ts';

const DRIFTED = 7;

type Drift = ReturnType<typeof presentDrift>;

function printDrift({ compared, drifted, orphans }: Drift, print: Printer): void {
  const rows = drifted.flatMap(({ subdomain, schema_name, version, unknown_version, differences }) => {
    const school = [subdomain ?? '—', schema_name];
    return unknown_version
      ? [[...school, 'version', version ?? '—', 'none that this program knows', version ?? '—']]
      : differences.map(({ kind, object, expected, found }) => [
          ...school,
          kind,
          object,
          expected ?? '— (none)',
          found ?? '— (none)',
        ]);
  });
  print.table(['school', 'schema', 'kind', 'object', 'expected', 'found'], rows, drifted);
  print.table(
    ['orphan', 'schema'],
    orphans.map(({ kind, schema_name }) => [kind, schema_name]),
    orphans,
  );
  print.note(
    `${compared} schemas compared: ${drifted.length} differ; ${orphans.length} orphans or missing schemas`,
  );
}

const printRun = ({ run, results }: { run: RunRow; results: ResultRow[] }, print: Printer): void => {
  print.table(
    ['school', 'name', 'schema', 'from', 'to', 'migrations', 'attempts', 'error'],
    results.map((row) => [
      row.subdomain ?? '—',
      row.name ?? '—',
      row.schema_name,
      row.from_version ?? '—',
      row.to_version ?? '—',
      row.applied.length,
      row.attempts,
      row.error ?? '',
    ]),
    [{ ...run, results }],
  );
  print.note(
    `${run.kind} ${run.id}: ${run.status}; ${run.migrated} migrated, ${run.failed} failed, ${run.total} to do`,
  );
};

/** `preau fleet status|drift|runs|report`. */
export function inspectionCommands(fleet: Command, run: RunCommand): void {
  fleet
    .command('status')
    .description('where every school is on its ladder, which are behind and why, and the last run')
    .option('--json', 'print JSON')
    .action(() =>
      run(async ({ fleet: inspection }, print) => {
        const status = presentStatus(await inspection.status(), inspection.heads());
        if (!print.forPeople) return print.result(status);
        print.table(
          ['version', 'schools'],
          status.versions.map(({ version, schools }) => [version ?? '—', schools]),
          status.versions,
        );
        if (status.failed.length > 0)
          print.table(
            ['school', 'schema', 'version', 'failed because', 'run'],
            status.failed.map((row) => [
              row.subdomain ?? '—',
              row.schema_name,
              row.version ?? '—',
              row.error,
              row.run_id,
            ]),
            status.failed,
          );
        const last = status.last_run;
        print.text(
          [
            `shared tables   ${status.shared.version ?? '—'}${status.shared.current ? '' : ' (behind)'}`,
            `schemas         ${status.total}: ${status.current} up to date, ${status.behind} behind, ${status.archived_behind} archived and behind, ${status.ready} ready for new schools`,
            `last run        ${last ? `${last.kind} ${last.id}, ${last.status}: ${last.migrated} migrated, ${last.failed} failed, of ${last.total}` : '—'}`,
          ].join('\n'),
        );
      }),
    );

  fleet
    .command('drift')
    .description('schools whose schema is not what their version makes, with the difference, and orphans')
    .option('--schema <name>', 'only this school: schema, subdomain, domain or id')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit codes: 0 all alike, 7 something drifted or is an orphan.')
    .action((options: { schema?: string; json?: boolean }) =>
      run(async ({ fleet: inspection }, print) => {
        const swept = await inspection.sweepRehearsals();
        if (swept.length > 0) print.note(`Dropped what killed rehearsals had left: ${swept.join(', ')}`);
        const schema = options.schema && (await inspection.schemaOf(options.schema));
        const drift = presentDrift(await inspection.drift(schema || undefined));
        if (options.json) print.result(drift);
        else printDrift(drift, print);
        const wrong = drift.drifted.length + drift.orphans.length;
        if (wrong > 0)
          throw new CommandFailure(DRIFTED, `${wrong} schemas are not what they should be; see above`);
      }),
    );

  fleet
    .command('runs')
    .description('runs of the migrator, latest first')
    .option('--json', 'print JSON')
    .action(() =>
      run(async ({ fleet: inspection }, print) => {
        const { rows } = await inspection.runs({ page_size: 50 });
        print.table(
          ['run', 'kind', 'status', 'began', 'schools', 'migrated', 'failed'],
          rows.map((row) => [
            row.id,
            row.kind,
            row.status,
            row.started_at,
            row.total,
            row.migrated,
            row.failed,
          ]),
          rows,
        );
      }),
    );

  fleet
    .command('report [run]')
    .description('what became of each school in a run; in the last one unless told')
    .option('--json', 'print JSON')
    .action((id: string | undefined) =>
      run(async ({ fleet: inspection }, print) => {
        if (id !== undefined && !FORMATS.uuid.test(id)) throw fieldError('run', 'format');
        printRun(await inspection.run(id), print);
      }),
    );
}
