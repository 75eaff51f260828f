import { CommandFailure } from '../../platform/command-failure.ts';
import type { Printer } from '../define-feature.ts';
import { presentRehearsal } from './fleet.presenter.ts';
import type { SchoolRehearsal } from './inspection.service.ts';

/** Prints what rehearsals found, and fails if a migration did. */
export function printRehearsals(found: readonly SchoolRehearsal[], print: Printer): void {
  const views = found.map(presentRehearsal);
  print.table(
    ['school', 'because', 'rows', 'copied in ms', 'migration', 'ms', 'locks'],
    views.flatMap((view) =>
      view.migrations.map(({ name, ms, locks }) => [
        view.subdomain ?? view.schema_name,
        view.because.join(', '),
        view.rows,
        view.copy_ms,
        name,
        ms,
        locks.map(({ relation, mode }) => `${relation}: ${mode}`).join('\n'),
      ]),
    ),
    views,
  );
  if (views.length === 0) print.note('Nothing to rehearse: no school is behind.');
  const failed = views.filter(({ error }) => error);
  for (const { subdomain, schema_name, error } of failed) print.note(`${subdomain ?? schema_name}: ${error}`);
  if (failed.length > 0)
    throw new CommandFailure(1, `${failed.length} of ${views.length} schools could not be migrated`);
}
