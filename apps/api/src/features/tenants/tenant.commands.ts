import type { Command } from 'commander';
import { MODULES } from '@preau/contracts/modules';
import { unknownModules } from '@preau/contracts/module-rules';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { CommandFailure } from '../../platform/command-failure.ts';
import { FORMATS } from '../../platform/formats.ts';
import type { Services } from '../../services.ts';
import { OPERATOR } from '../audit/index.ts';
import type { RunCommand } from '../define-feature.ts';
import { finishJob } from '../jobs/index.ts';
import { tenantStats } from './stats.read-model.ts';
import { createCommands } from './tenant-create.commands.ts';
import { bulkCommands } from './tenant-bulk.commands.ts';
import { listCommands } from './tenant-list.commands.ts';
import { presentProvisioned, presentTenant } from './tenant.presenter.ts';

/** `preau tenants …`, and the two names that people coming from Django know. */
export function tenantCommands(program: Command, run: RunCommand): void {
  const tenants = program.command('tenants').description('schools: create, list, provision, open and close');
  createCommands(tenants, program, run);
  listCommands(tenants, program, run);
  bulkCommands(tenants, run);

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
  ).alias('reopen');
  one('deactivate', 'close a school', async (id, { lifecycle, base }, { reason }) =>
    presentTenant(await lifecycle.deactivate(OPERATOR, id, reason ?? null), base),
  )
    .alias('suspend')
    .option('--reason <text>', 'shown to visitors');
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
        // Here and now: no server may be running.
        await finishJob(services, await services.lifecycle.purge(OPERATOR, id, options.confirm), () => {});
        print.result({ purged: true, id }, `${school} is erased.`);
      }),
    );

  tenants
    .command('erasure <id>')
    .description('what the trail says of an erased school, whether it is genuine, and what is left now')
    .option('--json', 'print JSON')
    .action((id: string) =>
      run(async ({ lifecycle }, print) => {
        if (!FORMATS.uuid.test(id)) throw new AppError('not_found');
        const found = await lifecycle.erasure(id.toLowerCase());
        const { at, genuine, traces } = found;
        print.result(
          found,
          `erased ${at}; ${genuine ? 'genuine' : 'NOT written by this installation'}; ${traces.length === 0 ? 'nothing is left' : traces.join(', ')}`,
        );
        if (!genuine || traces.length > 0) throw new CommandFailure(1, 'The erasure is not proved');
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
