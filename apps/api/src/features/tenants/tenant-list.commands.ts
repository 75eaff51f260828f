import type { Command } from 'commander';
import { stringify } from 'csv-stringify/sync';
import { TenantQuery, type Tenant } from '@preau/contracts/tenants';
import { given } from '../../cli/given.ts';
import { fieldError } from '../../platform/app-error.ts';
import { validateText } from '../../platform/validation.ts';
import type { Services } from '../../services.ts';
import type { Printer, RunCommand } from '../define-feature.ts';
import { presentTenant } from './tenant.presenter.ts';

interface ListOptions {
  detailed?: boolean;
  format?: string;
  json?: boolean;
  status?: string;
  type?: string;
  search?: string;
  network?: string;
}

async function* everyTenant({ tenants, base }: Services, query: TenantQuery): AsyncGenerator<Tenant> {
  for (let page = 1; ; page += 1) {
    const { count, rows } = await tenants.list({ ...query, page, page_size: 100 });
    for (const row of rows) yield presentTenant(row, base);
    if (page * 100 >= count) return;
  }
}

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
  else if (format === 'csv') print.text(stringify([columns, ...cells], { escape_formulas: true }).trimEnd());
  else if (format === undefined || format === 'table') print.table(columns, cells, rows, format === 'table');
  else throw fieldError('format', 'enum', { allowed: ['table', 'csv', 'json'] });
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

/** `preau tenants list`, and the name that people coming from Django know. */
export function listCommands(tenants: Command, program: Command, run: RunCommand): void {
  const listing = (options: ListOptions) => run((services, print) => list(options, services, print));
  listOptions(tenants.command('list').description('list schools')).action(listing);
  listOptions(program.command('list_tenants').description('the same as tenants list')).action(listing);
}
