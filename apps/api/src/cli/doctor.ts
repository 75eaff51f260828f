import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { loadConfig } from '../config.ts';
import type { Printer } from '../features/define-feature.ts';
import { planMigration } from '../features/fleet/index.ts';
import { openInstallation } from '../start-up.ts';

interface Finding {
  name: string;
  ok: boolean;
  detail: string;
}

async function find(name: string, fn: () => Promise<string>): Promise<Finding> {
  try {
    return { name, ok: true, detail: await fn() };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

/** `preau doctor`: the effective configuration with its origins, and whether what it names works. */
export function doctorCommand(program: Command, print: Printer): void {
  program
    .command('doctor')
    .description('print the effective configuration, secrets hidden, and check what it names')
    .option('--json', 'print JSON')
    .action(async () => {
      const config = loadConfig();
      print.table(
        ['variable', 'value', 'from'],
        config.origins.map(({ name, value, origin }) => [name, value, origin]),
        config.origins,
      );
      const installation = await openInstallation(config, {
        applicationName: 'preau doctor',
        onError: () => {},
      });
      const { tenancy, migrator, storage } = installation.services;
      const ask = (sql: string) =>
        tenancy.central(async ({ trx }) => (await trx.raw(sql)).rows[0], { readOnly: true });
      try {
        const findings = [
          await find('database', async () => {
            const { version } = await ask("SELECT current_setting('server_version_num')::int AS version");
            if (version < 150_000) throw new Error(`PostgreSQL ${version} is older than 15`);
            return `PostgreSQL ${Math.floor(version / 10_000)}`;
          }),
          await find('role', async () => {
            const role = await ask(
              "SELECT rolname, rolsuper, rolinherit, rolcreaterole, current_setting('server_version_num')::int AS version FROM pg_roles WHERE rolname = current_user",
            );
            if (role.rolsuper)
              throw new Error(
                `${role.rolname} is a superuser: it can read every school without becoming its role`,
              );
            // From 16 on the grants themselves say that nothing is inherited.
            if (role.rolinherit && role.version < 160_000)
              throw new Error(
                `${role.rolname} inherits what its roles may do: run ALTER ROLE ${role.rolname} NOINHERIT`,
              );
            if (!role.rolcreaterole)
              throw new Error(`${role.rolname} may not create roles: no school can be provisioned`);
            return role.rolname;
          }),
          await find('connections', async () => {
            const { held, most } = await ask(
              "SELECT (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS held, current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS most",
            );
            const { max, tenants } = tenancy.pool.stats();
            if (max > most) throw new Error(`this process may open ${max}, the server takes ${most}`);
            return `${held} of ${most} at the server; ${max} a process, ${tenants.perTenant} a school`;
          }),
          await find('migrations', async () => {
            // Not those of archived schools: a restore brings them up to date.
            const behind = await planMigration({ tenancy, migrator });
            if (behind.length > 0) throw new Error(`${behind.length} schemas are behind: run preau migrate`);
            return 'up to date';
          }),
          await find('snapshot', async () => {
            if (!migrator.snapshotIsCurrent)
              throw new Error(
                'not of this ladder: new schools climb it step by step; run preau fleet snapshot',
              );
            return migrator.tenantVersion ?? '';
          }),
          await find('storage', async () => {
            const key = `doctor/${randomUUID()}`;
            await storage.write(key, Readable.from([Buffer.from(key)], { objectMode: false }));
            try {
              if ((await text(await storage.read(key))) !== key) throw new Error('gave back something else');
            } finally {
              await storage.remove(key);
            }
            return config.storage.kind === 'disk' ? config.storage.folder : config.storage.bucket;
          }),
        ];
        print.table(
          ['check', 'ok', 'detail'],
          findings.map(({ name, ok, detail }) => [name, ok ? 'yes' : 'NO', detail]),
          findings,
        );
        if (findings.some(({ ok }) => !ok)) throw new Error('Something is wrong; see above');
      } finally {
        await installation.close();
      }
    });
}
