import { withClient } from '@preau/postgres-launcher';
import { createRequire } from 'node:module';
import os from 'node:os';
import { pinned } from './processes.ts';
import type { Report } from './report.ts';

/** What the figures depend on, and nothing that tells whose machine it is. */
export function machineFacts(): Report['machine'] {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cpus: cpus.length,
    memory_gb: Math.round(os.totalmem() / 1024 ** 3),
    system: `${os.platform()} ${os.release()} ${os.arch()}`,
    pinned,
    load_before: Math.round((os.loadavg()[0] ?? 0) * 10) / 10,
  };
}

export function packageVersions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const versionOf = (name: string): string =>
    (require(`${name}/package.json`) as { version: string }).version;
  return {
    node: process.versions.node,
    fastify: versionOf('fastify'),
    pg: versionOf('pg'),
    knex: versionOf('knex'),
  };
}

export const serverVersion = (url: string): Promise<string> =>
  withClient(
    url,
    async (client) => (await client.query('SHOW server_version')).rows[0].server_version as string,
  );
