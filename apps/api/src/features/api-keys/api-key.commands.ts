import type { Command } from 'commander';
import { KEY_SCOPES, SCHOOL_KEY_SCOPES, type Permission } from '@preau/contracts/permissions';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { isCidr } from '../../platform/formats.ts';
import type { Services } from '../../services.ts';
import { OPERATOR } from '../audit/index.ts';
import type { RunCommand } from '../define-feature.ts';
import { presentKey } from './api-key.presenter.ts';

const collect = (value: string, previous: string[] = []) => [
  ...previous,
  ...value.split(',').map((scope) => scope.trim()),
];

interface CreateOptions {
  platform?: true;
  tenant?: string;
  scope: string[];
  name: string;
  expires?: string;
  from?: string[];
}

/** A key by its prefix. Throws `not_found`. */
async function find({ apiKeys }: Services, prefix: string) {
  const row = (await apiKeys.listAll()).find((key) => key.prefix === prefix);
  if (!row) throw new AppError('not_found');
  return row;
}

function expiryOf(text: string | undefined): Date | null {
  if (text === undefined) return null;
  const days = /^(\d{1,4})d$/.exec(text);
  const date = days ? new Date(Date.now() + Number(days[1]) * 86_400_000) : new Date(text);
  if (Number.isNaN(date.getTime())) throw fieldError('expires', 'format', { format: '90d, 2027-09-01' });
  return date;
}

export function apiKeyCommands(program: Command, run: RunCommand): void {
  const keys = program.command('keys').description('API keys of the platform and of schools');
  keys
    .command('create')
    .description('make an API key; its secret is printed once')
    .option('--platform', 'a key of the platform')
    .option('--tenant <name>', 'a key of a school, by id, subdomain or domain')
    .requiredOption(
      '--scope <scope>',
      `of the platform: ${KEY_SCOPES.join(', ')}; of a school: ${SCHOOL_KEY_SCOPES.join(', ')}; may be repeated`,
      collect,
    )
    .option('--name <name>', 'what the key is for', 'command line')
    .option('--expires <when>', 'after so many days (90d), or a time in ISO 8601')
    .option('--from <address>', 'address or network it may be used from; may be repeated', collect)
    .option('--json', 'print JSON')
    .action((options: CreateOptions) =>
      run(async ({ apiKeys, tenants }, print) => {
        if ((options.platform === undefined) === (options.tenant === undefined))
          throw fieldError('platform', 'enum', { allowed: ['--platform', '--tenant <name>'] });
        const allowed: readonly string[] = options.tenant === undefined ? KEY_SCOPES : SCHOOL_KEY_SCOPES;
        if (!options.scope.every((scope) => allowed.includes(scope)))
          throw fieldError('scope', 'enum', { allowed });
        if (!(options.from ?? []).every(isCidr)) throw fieldError('from', 'cidr');
        const { row, key, secret } = await apiKeys.create(OPERATOR, {
          tenantId: options.tenant === undefined ? null : await tenants.identify(options.tenant),
          name: options.name,
          scopes: options.scope as Permission[],
          expiresAt: expiryOf(options.expires),
          allowedAddresses: options.from ?? [],
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
        const rows = await apiKeys.listAll();
        print.table(
          ['prefix', 'of', 'name', 'scopes', 'last used', 'expires'],
          rows.map((row) => [
            row.prefix,
            row.tenant_id === null ? 'platform' : (row.subdomain ?? row.tenant_id),
            row.name,
            row.scopes.join(' '),
            row.last_used_at?.toISOString() ?? 'never',
            row.expires_at?.toISOString() ?? 'never',
          ]),
          rows.map((row) => ({ ...presentKey(row), subdomain: row.subdomain })),
        );
      }),
    );
  keys
    .command('rotate <prefix>')
    .description('make the next key; the former one goes on for a while')
    .option('--overlap <hours>', 'how long both work', '24')
    .option('--json', 'print JSON')
    .action((prefix: string, { overlap }: { overlap: string }) =>
      run(async (services, print) => {
        const overlapHours = Number(overlap);
        if (!Number.isInteger(overlapHours) || overlapHours < 0 || overlapHours > 720)
          throw fieldError('overlap', 'maximum', { limit: 720 });
        const { id, tenant_id } = await find(services, prefix);
        const made = await services.apiKeys.rotate(OPERATOR, tenant_id, id, { overlapHours });
        const until = made.previousExpiresAt.toISOString();
        print.result(
          { key: made.key, prefix: made.row.prefix, secret: made.secret, previous_expires_at: until },
          `API key: ${made.key}\nIt will not be shown again. ${prefix} works until ${until}.`,
        );
      }),
    );
  keys
    .command('revoke <prefix>')
    .description('revoke a key at once')
    .action((prefix: string) =>
      run(async (services, print) => {
        const { id, tenant_id } = await find(services, prefix);
        await services.apiKeys.revoke(OPERATOR, id, tenant_id);
        print.result({ revoked: prefix }, `Key ${prefix} is revoked.`);
      }),
    );
}
