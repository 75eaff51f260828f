import type { Command } from 'commander';
import { MODULES } from '@preau/contracts/modules';
import { unknownModules } from '@preau/contracts/module-rules';
import { TenantCreate, TenantQuery, type Tenant } from '@preau/contracts/tenants';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { validateBody, validateText } from '../../platform/validation.ts';
import type { Services } from '../../services.ts';
import { OPERATOR } from '../audit/index.ts';
import type { Printer, RunCommand } from '../define-feature.ts';
import { tenantStats } from './stats.read-model.ts';
import { presentProvisioned, presentTenant } from './tenant.presenter.ts';

interface CreateOptions {
  name: string;
  subdomain: string;
  type: string;
  email: string;
  phone: string;
  address: string;
  postalCode: string;
  city: string;
  website?: string;
  uai?: string;
  network?: string;
  maxStudents?: string;
  maxStorageGb?: string;
  primaryColor?: string;
  secondaryColor?: string;
  provision?: boolean;
}

interface ListOptions {
  detailed?: boolean;
  format?: string;
  json?: boolean;
  status?: string;
  type?: string;
  search?: string;
  network?: string;
}

const whole = (text: string | undefined) =>
  text === undefined ? undefined : /^-?\d+$/.test(text) ? Number(text) : (text as never);
const given = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;

async function create(
  options: CreateOptions,
  { tenants, provisioning, base }: Services,
  print: Printer,
): Promise<void> {
  const body = validateBody(
    TenantCreate,
    given({
      school_name: options.name,
      school_type: options.type,
      subdomain: options.subdomain,
      email: options.email,
      phone: options.phone,
      address: options.address,
      postal_code: options.postalCode,
      city: options.city,
      website: options.website,
      uai: options.uai,
      network: options.network,
      max_students: whole(options.maxStudents),
      max_storage_gb: whole(options.maxStorageGb),
      primary_color: options.primaryColor,
      secondary_color: options.secondaryColor,
    }),
  );
  const created = await tenants.create(OPERATOR, body);
  print.note(`${created.tenant.name}: created (${created.tenant.id})`);
  const provisioned = options.provision ? await provisioning.provision(OPERATOR, created.tenant.id) : null;
  const view = presentProvisioned(provisioned?.detail ?? created, provisioned?.invitation ?? null, base);
  const lines = [view.school.name, `  address   ${view.domain_url}`, `  status    ${view.status}`];
  if (view.first_admin)
    lines.push(
      `  first administrator (${view.first_admin.email}), link shown once:`,
      `    ${view.first_admin.invitation_url}`,
    );
  print.result(view, lines.join('\n'));
}

async function* everyTenant({ tenants, base }: Services, query: TenantQuery): AsyncGenerator<Tenant> {
  for (let page = 1; ; page += 1) {
    const { count, rows } = await tenants.list({ ...query, page, page_size: 100 });
    for (const row of rows) yield presentTenant(row, base);
    if (page * 100 >= count) return;
  }
}

const CSV_QUOTE = /[",\n\r]/;
const csvCell = (text: string): string => {
  // A leading = + - @ would be run as a formula by a spreadsheet.
  const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return CSV_QUOTE.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
};

async function list(options: ListOptions, services: Services, print: Printer): Promise<void> {
  const query = validateText(
    TenantQuery,
    given({
      status: options.status,
      school_type: options.type,
      search: options.search,
      network: options.network,
    }),
  );
  const rows: Tenant[] = [];
  for await (const tenant of everyTenant(services, query)) rows.push(tenant);
  const columns = ['subdomain', 'name', 'type', 'status', 'address'];
  const cells = rows.map((row) => [
    row.subdomain,
    row.school.name,
    row.school.school_type,
    row.status,
    row.domain_url,
  ]);
  if (options.detailed) {
    columns.push('schema', 'city', 'students', 'max', 'storage GB', 'modules', 'created');
    rows.forEach((row, index) =>
      cells[index]?.push(
        row.schema_name,
        row.school.city,
        String(row.student_count),
        String(row.max_students),
        `${row.storage_usage_gb}/${row.max_storage_gb}`,
        Object.entries(row.modules_enabled)
          .filter(([, on]) => on)
          .map(([key]) => key)
          .join(' '),
        row.created_on.slice(0, 10),
      ),
    );
  }
  const format = options.json ? 'json' : options.format;
  if (format === 'json') print.result(rows);
  else if (format === 'csv')
    print.text([columns, ...cells].map((line) => line.map(csvCell).join(',')).join('\n'));
  else if (format === undefined || format === 'table') print.table(columns, cells, rows, format === 'table');
  else throw fieldError('format', 'enum', { allowed: ['table', 'csv', 'json'] });
}

function createOptions(command: Command): Command {
  return command
    .requiredOption('--name <name>', 'name of the school')
    .requiredOption('--subdomain <label>', 'address below the base domain')
    .requiredOption('--type <type>', 'ecole, college, lycee, lycee_pro or network')
    .requiredOption('--email <email>', 'address of the school; its first administrator is invited there')
    .requiredOption('--phone <number>', 'French or E.164 number')
    .requiredOption('--address <street>', 'street address')
    .requiredOption('--postal-code <code>', 'postal code')
    .requiredOption('--city <city>', 'city')
    .option('--website <url>', 'web site')
    .option('--uai <uai>', 'French school identifier')
    .option('--network <name>', 'network it belongs to: id or subdomain')
    .option('--max-students <number>', 'student seats (1000)')
    .option('--max-storage-gb <number>', 'storage in GB (50)')
    .option('--primary-color <#RRGGBB>', 'first colour (#1976D2)')
    .option('--secondary-color <#RRGGBB>', 'second colour (#424242)')
    .option('--provision', 'build its space and open it at once')
    .option('--json', 'print JSON');
}

const listOptions = (command: Command): Command =>
  command
    .option('--detailed', 'more columns')
    .option('--format <format>', 'table, csv or json')
    .option('--status <status>', 'only schools in this state')
    .option('--type <type>', 'only schools of this type')
    .option('--network <name>', 'only schools of this network')
    .option('--search <words>', 'name, subdomain, domain, city or UAI')
    .option('--json', 'print JSON');

/** `preau tenants …`, and the two names that people coming from Django know. */
export function tenantCommands(program: Command, run: RunCommand): void {
  const tenants = program.command('tenants').description('schools: create, list, provision, open and close');
  const creating = (options: CreateOptions) => run((services, print) => create(options, services, print));
  const listing = (options: ListOptions) => run((services, print) => list(options, services, print));
  createOptions(tenants.command('create').description('enter a school')).action(creating);
  createOptions(program.command('create_tenant').description('the same as tenants create')).action(creating);
  listOptions(tenants.command('list').description('list schools')).action(listing);
  listOptions(program.command('list_tenants').description('the same as tenants list')).action(listing);

  const one = (
    name: string,
    description: string,
    work: (id: string, services: Services, options: { reason?: string }) => Promise<object>,
  ) =>
    tenants
      .command(`${name} <school>`)
      .description(description)
      .option('--json', 'print JSON')
      .action((school: string, options: { reason?: string }) =>
        run(async (services, print) =>
          print.result(await work(await services.tenants.identify(school), services, options)),
        ),
      );

  one('show', 'one school: subdomain, domain or id', async (id, services) =>
    presentTenant(await services.tenants.get(id), services.base),
  );
  one('stats', 'figures of a school', (id, { tenancy, base }) =>
    tenancy.central(({ trx }) => tenantStats(trx, id, base), { readOnly: true }),
  );
  one('provision', 'build its space and open it', async (id, services) => {
    const { detail, invitation } = await services.provisioning.provision(OPERATOR, id);
    return presentProvisioned(detail, invitation, services.base);
  });
  one('activate', 'reopen a closed school', async (id, { lifecycle, base }) =>
    presentTenant(await lifecycle.activate(OPERATOR, id), base),
  );
  one('deactivate', 'close a school', async (id, { lifecycle, base }, { reason }) =>
    presentTenant(await lifecycle.deactivate(OPERATOR, id, reason ?? null), base),
  ).option('--reason <text>', 'shown to visitors');
  one('archive', 'archive a school; reversible for a while', async (id, { lifecycle, base }) =>
    presentTenant(await lifecycle.archive(OPERATOR, id), base),
  );
  one('restore', 'undo an archive', async (id, { lifecycle, base }) =>
    presentTenant(await lifecycle.restore(OPERATOR, id), base),
  );

  tenants
    .command('purge <school>')
    .description('erase a school for ever')
    .requiredOption('--confirm <subdomain>', 'its subdomain, again')
    .option('--json', 'print JSON')
    .action((school: string, options: { confirm: string }) =>
      run(async (services, print) => {
        const id = await services.tenants.identify(school);
        await services.lifecycle.purge(OPERATOR, id, options.confirm);
        print.result({ purged: true, id }, `${school} is erased.`);
      }),
    );

  tenants
    .command('modules <school> [changes...]')
    .description('show modules, or switch them: announcements=off')
    .option('--json', 'print JSON')
    .action((school: string, changes: string[]) =>
      run(async (services, print) => {
        const id = await services.tenants.identify(school);
        const switches = Object.fromEntries(
          changes.map((change) => {
            const [key = '', value = ''] = change.split('=', 2);
            if (!['on', 'off', 'true', 'false'].includes(value))
              throw fieldError(key, 'enum', { allowed: [`${key}=on`, `${key}=off`] });
            return [key, value === 'on' || value === 'true'];
          }),
        );
        const unknown = unknownModules(MODULES, switches);
        if (unknown.length > 0) throw new AppError('unknown_module', { details: { modules: unknown } });
        const detail =
          changes.length > 0
            ? await services.tenants.updateModules(OPERATOR, id, switches)
            : await services.tenants.get(id);
        const { modules_enabled: modules } = presentTenant(detail, services.base);
        print.table(
          ['module', 'on'],
          Object.entries(modules).map(([key, on]) => [key, on ? 'on' : 'off']),
          [modules],
        );
      }),
    );
}
