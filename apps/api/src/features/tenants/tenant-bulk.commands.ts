import { TenantBulk, type BulkReport } from '@preau/contracts/tenant-bulk';
import type { Command } from 'commander';
import { given } from '../../cli/given.ts';
import { CommandFailure } from '../../platform/command-failure.ts';
import { validateBody } from '../../platform/validation.ts';
import { shell } from '../../config.ts';
import { OPERATOR } from '../audit/index.ts';
import type { RunCommand } from '../define-feature.ts';
import { finishJob } from '../jobs/index.ts';

interface BulkOptions {
  status?: string;
  type?: string;
  network?: string;
  module?: string;
  search?: string;
  all?: boolean;
  reason?: string;
}

/** `preau tenants bulk`: one change of many schools, named or by what they have in common. */
export function bulkCommands(tenants: Command, run: RunCommand): void {
  tenants
    .command('bulk <action> [schools...]')
    .description('close or reopen many schools: deactivate or activate; named, or by these filters')
    .option('--status <status>', 'only schools in this state')
    .option('--type <type>', 'only schools of this type')
    .option('--network <name>', 'only schools of this network')
    .option('--module <key>', 'only schools with this module on')
    .option('--search <words>', 'name, subdomain, domain, city or UAI')
    .option('--all', 'every school, where nothing else is said')
    .option('--reason <text>', 'shown to visitors of the closed schools')
    .option('--json', 'print JSON')
    .action((action: string, schools: string[], options: BulkOptions) =>
      run(async (services, print) => {
        const { tenants: known, tenantBulk } = services;
        const ids = await Promise.all(schools.map((school) => known.identify(school)));
        const matching = given({
          status: options.status,
          school_type: options.type,
          network: options.network,
          module: options.module,
          search: options.search,
        });
        const order = {
          action,
          ...(ids.length > 0 ? { tenants: [...new Set(ids)] } : {}),
          ...(options.all || Object.keys(matching).length > 0 ? { matching } : {}),
          ...given({ reason: options.reason }),
        };
        validateBody(TenantBulk, order);
        const { job_id: id } = await tenantBulk.start(OPERATOR, order as TenantBulk, shell().language);
        const bar = print.progress();
        const job = await finishJob(services, id, (progress) => bar.show(action, progress)).finally(() =>
          bar.end(),
        );
        if (job.status !== 'done')
          throw new CommandFailure(1, job.failure?.reason ?? `The job ended as ${job.status}`);
        const { lines, counts } = job.result as BulkReport;
        print.table(
          ['subdomain', 'school', 'outcome', 'why'],
          lines.map(({ subdomain, name, outcome, message }) => [subdomain, name, outcome, message ?? '']),
          lines,
        );
        print.note(`${counts.changed} changed, ${counts.unchanged} as they were, ${counts.failed} failed`);
        if (counts.failed > 0) throw new CommandFailure(1, `${counts.failed} schools could not be changed`);
      }),
    );
}
