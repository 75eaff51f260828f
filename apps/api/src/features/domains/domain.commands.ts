import type { Command } from 'commander';
import { CommandFailure } from '../../platform/command-failure.ts';
import { shell } from '../../config.ts';
import { AppError } from '../../platform/app-error.ts';
import type { Services } from '../../services.ts';
import { OPERATOR } from '../audit/index.ts';
import type { RunCommand } from '../define-feature.ts';
import { presentDomain, presentDomainDetail } from './domain.presenter.ts';
import type { Domain } from './domain.repository.ts';

/** Exit code for DNS that is not as it should be. */
const WRONG_DNS = 8;

async function named({ tenants, domains }: Services, name: string): Promise<Domain> {
  const tenantId = await tenants.identify(name);
  const domain = (await domains.list(tenantId)).find((row) => row.domain === name.trim().toLowerCase());
  if (!domain) throw new AppError('not_found');
  return domain;
}

/** `preau domains …` */
export function domainCommands(program: Command, run: RunCommand): void {
  const domains = program.command('domains').description('addresses of schools: list, add, verify, choose');

  domains
    .command('list <school>')
    .description('addresses of a school')
    .option('--json', 'print JSON')
    .action((school: string) =>
      run(async (services, print) => {
        const rows = await services.domains.list(await services.tenants.identify(school));
        print.table(
          ['domain', 'status', 'primary', 'redirects', 'checked'],
          rows.map((row) => [
            row.domain,
            row.status,
            row.is_primary ? 'yes' : '',
            row.redirects ? 'yes' : '',
            row.checked_at?.toISOString() ?? '',
          ]),
          rows.map(presentDomain),
        );
      }),
    );

  domains
    .command('add <school> <domain>')
    .description('add an address; a domain of the school’s own is pending until its TXT record is there')
    .option('--vouched', 'answer for its ownership: active without the record')
    .option('--primary', 'make it the main address; needs --vouched')
    .option('--json', 'print JSON')
    .action((school: string, domain: string, options: { vouched?: boolean; primary?: boolean }) =>
      run(async (services, print) => {
        const added = await services.domains.add(OPERATOR, await services.tenants.identify(school), {
          domain,
          vouched: options.vouched === true,
          is_primary: options.primary === true,
        });
        const view = presentDomain(added);
        const { challenge } = view;
        print.result(
          view,
          challenge && added.status === 'pending'
            ? `${added.domain} is pending. Publish, then run \`preau domains verify ${added.domain}\`:\n  ${challenge.name}. TXT "${challenge.value}"`
            : `${added.domain} is ${added.status}.`,
        );
      }),
    );

  domains
    .command('verify [domain]')
    .description('ask DNS about a domain: what it answers and what it should; exits 8 if something is wrong')
    .option('--all', 'every domain that schools brought')
    .option('--json', 'print JSON')
    .action((domain: string | undefined, options: { all?: boolean }) =>
      run(async (services, print) => {
        if (options.all) {
          const result = await services.domainCare.verifyAll(OPERATOR);
          print.result(result, `${result.checked} checked; changed: ${result.changed.join(', ') || 'none'}`);
          if (result.failed.length > 0)
            throw new CommandFailure(1, `could not be checked: ${result.failed.join(', ')}`);
          return;
        }
        if (domain === undefined) throw new CommandFailure(2, 'name a domain, or --all');
        const row = await named(services, domain);
        const view = presentDomainDetail(
          await services.domainCare.verify(OPERATOR, row.tenant_id, row.id),
          shell().language,
        );
        const findings = view.report?.findings ?? [];
        const marks = { ok: '✓', wrong: '✗', unknown: '?' } as const;
        const lines = findings.map(({ result, record, name, message, found, expected }) =>
          [
            `${marks[result]} ${record.padEnd(5)} ${name}: ${message}`,
            ...(result === 'ok'
              ? []
              : [
                  `        answers: ${found.join(', ') || '—'}`,
                  ...(expected.length > 0 ? [`        should:  ${expected.join(', ')}`] : []),
                ]),
          ].join('\n'),
        );
        print.result(view, [`${view.domain} is ${view.status}.`, ...lines].join('\n'));
        if (!view.report?.ready) throw new CommandFailure(WRONG_DNS, `${view.domain} is not ready`);
      }),
    );

  const one = (
    name: string,
    description: string,
    work: (services: Services, domain: Domain) => Promise<Domain | void>,
  ) =>
    domains
      .command(`${name} <domain>`)
      .description(description)
      .option('--json', 'print JSON')
      .action((domain: string) =>
        run(async (services, print) => {
          const row = await named(services, domain);
          const after = await work(services, row);
          print.result(after ? presentDomain(after) : { removed: true, domain: row.domain }, 'Done.');
        }),
      );
  one('make-primary', 'make it the school’s main address', (services, { tenant_id, id }) =>
    services.domains.makePrimary(OPERATOR, tenant_id, id),
  );
  one('redirect', 'send its visitors to the main address', (services, { tenant_id, id }) =>
    services.domains.setRedirects(OPERATOR, tenant_id, id, true),
  );
  one('answer', 'let it answer itself, without a redirect', (services, { tenant_id, id }) =>
    services.domains.setRedirects(OPERATOR, tenant_id, id, false),
  );
  one('vouch', 'answer for its ownership', (services, { tenant_id, id }) =>
    services.domains.vouch(OPERATOR, tenant_id, id),
  );
  one('remove', 'remove it', (services, { tenant_id, id }) =>
    services.domains.remove(OPERATOR, tenant_id, id),
  );
}
