import type { Command } from 'commander';
import { TenantCreate } from '@preau/contracts/tenants';
import { given } from '../../cli/given.ts';
import { validateBody } from '../../platform/validation.ts';
import type { Services } from '../../services.ts';
import { OPERATOR } from '../audit/index.ts';
import type { Printer, RunCommand } from '../define-feature.ts';
import { presentProvisioned } from './tenant.presenter.ts';

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

const whole = (text: string | undefined) =>
  text === undefined ? undefined : /^-?\d+$/.test(text) ? Number(text) : (text as never);
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

/** `preau tenants create`, and the name that people coming from Django know. */
export function createCommands(tenants: Command, program: Command, run: RunCommand): void {
  const creating = (options: CreateOptions) => run((services, print) => create(options, services, print));
  createOptions(tenants.command('create').description('enter a school')).action(creating);
  createOptions(program.command('create_tenant').description('the same as tenants create')).action(creating);
}
