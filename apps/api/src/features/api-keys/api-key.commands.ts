import type { Command } from 'commander';
import { KEY_SCOPES, type Permission } from '@preau/contracts/permissions';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { OPERATOR } from '../audit/index.ts';
import type { RunCommand } from '../define-feature.ts';

const collect = (value: string, previous: string[] = []) => [
  ...previous,
  ...value.split(',').map((scope) => scope.trim()),
];

export function apiKeyCommands(program: Command, run: RunCommand): void {
  const keys = program.command('keys').description('platform API keys');
  keys
    .command('create')
    .description('make an API key; its secret is printed once')
    .requiredOption('--platform', 'a key of the platform')
    .requiredOption('--scope <scope>', `one of ${KEY_SCOPES.join(', ')}; may be repeated`, collect)
    .option('--name <name>', 'what the key is for', 'command line')
    .option('--json', 'print JSON')
    .action((options: { scope: string[]; name: string }) =>
      run(async ({ apiKeys }, print) => {
        const unknown = options.scope.filter((scope) => !KEY_SCOPES.includes(scope as Permission));
        if (unknown.length > 0) throw fieldError('scope', 'enum', { allowed: KEY_SCOPES });
        const { row, key, secret } = await apiKeys.create(OPERATOR, {
          name: options.name,
          scopes: options.scope as Permission[],
        });
        print.result({ key, prefix: row.prefix, secret }, `API key: ${key}\nIt will not be shown again.`);
      }),
    );
  keys
    .command('list')
    .description('list the keys that are not revoked')
    .option('--json', 'print JSON')
    .action(() =>
      run(async ({ apiKeys }, print) => {
        const rows = await apiKeys.list();
        print.table(
          ['prefix', 'name', 'scopes', 'last used'],
          rows.map((row) => [
            row.prefix,
            row.name,
            row.scopes.join(' '),
            row.last_used_at?.toISOString() ?? 'never',
          ]),
          rows.map(({ id, name, prefix, scopes, last_used_at }) => ({
            id,
            name,
            prefix,
            scopes,
            last_used_at,
          })),
        );
      }),
    );
  keys
    .command('revoke <prefix>')
    .description('revoke a key at once')
    .action((prefix: string) =>
      run(async ({ apiKeys }, print) => {
        const row = (await apiKeys.list()).find((key) => key.prefix === prefix);
        if (!row) throw new AppError('not_found');
        await apiKeys.revoke(OPERATOR, row.id);
        print.result({ revoked: prefix }, `Key ${prefix} is revoked.`);
      }),
    );
}
