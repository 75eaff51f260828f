import { InvalidArgumentError, type Command } from 'commander';
import { OPERATOR } from '../audit/index.ts';
import type { RunCommand } from '../define-feature.ts';
import { presentVersion } from './branding.presenter.ts';

function versionOf(text: string): number {
  const version = Number(text);
  if (!Number.isInteger(version) || version < 1)
    throw new InvalidArgumentError('A version is a whole number.');
  return version;
}

const madeBy = (address: string | null): string => (address === null ? 'drawn' : 'its own');

/** `preau themes …` */
export function brandingCommands(program: Command, run: RunCommand): void {
  const themes = program.command('themes').description('looks of schools: what they were, and back to it');

  themes
    .command('history <school>')
    .description('the colours and pictures that a school has had, newest first')
    .option('--json', 'print JSON')
    .action((school: string) =>
      run(async ({ branding, tenants }, print) => {
        const { rows } = await branding.history(await tenants.identify(school), { page_size: 100 });
        print.table(
          ['version', 'primary', 'secondary', 'logo', 'tab picture', 'published', 'by', 'from', 'current'],
          rows.map((row) => [
            row.version,
            row.primary_color,
            row.secondary_color,
            ...[row.logo, row.favicon].map((name) =>
              name === null ? '' : row.pictures_kept ? name.slice(-12) : 'not kept',
            ),
            row.published_at.toISOString(),
            row.published_by_name ?? '',
            row.from_version ?? '',
            row.is_current ? 'yes' : '',
          ]),
          rows.map(presentVersion),
        );
      }),
    );

  themes
    .command('rollback <school> <version>')
    .description('bring colours and pictures of an earlier version back, as a new version')
    .option('--json', 'print JSON')
    .action((school: string, text: string) =>
      run(async ({ branding, tenants }, print) => {
        const { tenant: found } = await tenants.get(await tenants.identify(school));
        const ref = { id: found.id, schemaName: found.schema_name };
        const { tenant } = await branding.rollBack(OPERATOR, ref, versionOf(text));
        const { primary_color, secondary_color, logo_url, favicon_url } = tenant;
        print.result(
          { primary_color, secondary_color, logo_url, favicon_url },
          `Colours are ${primary_color} and ${secondary_color}; logo and tab picture are ${madeBy(logo_url)} and ${madeBy(favicon_url)}.`,
        );
      }),
    );
}
