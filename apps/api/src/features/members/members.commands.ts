import { Option, type Command } from 'commander';
import { SCHOOL_ROLES, type MemberStatus, type SchoolRole } from '@preau/contracts/vocabulary';
import { fieldError } from '../../platform/app-error.ts';
import { OPERATOR } from '../audit/index.ts';
import type { RunCommand } from '../define-feature.ts';
import { presentMember } from './member.presenter.ts';

const PAGE_SIZE = 100;
const school = () => new Option('--tenant <school>', 'subdomain, domain or id').makeOptionMandatory();
const role = () => new Option('--role <role>', 'what they are there').choices([...SCHOOL_ROLES]);

function oneOf(given: string): SchoolRole {
  const found = SCHOOL_ROLES.find((candidate) => candidate === given);
  if (!found) throw fieldError('role', 'enum', { allowed: SCHOOL_ROLES });
  return found;
}

/** `preau users list|add|role|remove --tenant …` */
export function memberCommands(program: Command, run: RunCommand): void {
  const users =
    program.commands.find((command) => command.name() === 'users') ??
    program.command('users').description('people');

  users
    .command('list')
    .description('members of a school, and those who ask to be admitted')
    .addOption(school())
    .addOption(role())
    .addOption(new Option('--status <status>', 'only these').choices(['pending', 'active']))
    .option('--search <text>', 'in name, e-mail and title')
    .option('--json', 'print JSON')
    .action((options: { tenant: string; role?: SchoolRole; status?: MemberStatus; search?: string }) =>
      run(async ({ tenants, members }, print) => {
        const { tenant, role: only, status, search } = options;
        const id = await tenants.identify(tenant);
        const filters = {
          ...(only ? { role: only } : {}),
          ...(status ? { status } : {}),
          ...(search ? { search } : {}),
        };
        const rows = [];
        for (let page = 1, count = 1; (page - 1) * PAGE_SIZE < count; page += 1) {
          const found = await members.list(id, { ...filters, page, page_size: PAGE_SIZE });
          count = found.count;
          rows.push(...found.rows);
        }
        print.table(
          ['e-mail', 'name', 'role', 'status', 'last active'],
          rows.map((row) => [row.email, row.full_name, row.role, row.status, row.last_active_on ?? 'never']),
          rows.map(presentMember),
        );
      }),
    );

  users
    .command('add <email>')
    .description('make a person a member; a new account gets a password, printed once')
    .addOption(school())
    .addOption(role().makeOptionMandatory())
    .option('--name <name>', 'of a new account')
    .option('--json', 'print JSON')
    .action((email: string, options: { tenant: string; role: SchoolRole; name?: string }) =>
      run(async ({ tenants, members }, print) => {
        const id = await tenants.identify(options.tenant);
        const { row, password } = await members.add(
          id,
          { email, role: options.role, ...(options.name ? { full_name: options.name } : {}) },
          OPERATOR,
        );
        print.result(
          { ...presentMember(row), password },
          password
            ? `${row.email} is a member (${row.role}).\nPassword: ${password}\nIt will not be shown again.`
            : `${row.email} is a member (${row.role}) with the account there was.`,
        );
      }),
    );

  users
    .command('role <email> <role>')
    .description('give a member another role; their sessions at the school end')
    .addOption(school())
    .option('--json', 'print JSON')
    .action((email: string, given: string, { tenant }: { tenant: string }) =>
      run(async ({ tenants, members }, print) => {
        const id = await tenants.identify(tenant);
        const row = await members.update(
          id,
          await members.identify(id, email),
          { role: oneOf(given) },
          OPERATOR,
        );
        print.result(presentMember(row), `${row.email} is now: ${row.role}.`);
      }),
    );

  users
    .command('remove <email>')
    .description('take a member out of a school; their account stays')
    .addOption(school())
    .option('--json', 'print JSON')
    .action((email: string, { tenant }: { tenant: string }) =>
      run(async ({ tenants, members }, print) => {
        const id = await tenants.identify(tenant);
        await members.remove(id, await members.identify(id, email), OPERATOR);
        print.result({ removed: email }, `${email} is no longer a member.`);
      }),
    );
}
