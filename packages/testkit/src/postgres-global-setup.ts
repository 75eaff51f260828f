import { createHash, randomBytes } from 'node:crypto';
import process from 'node:process';
import {
  APPLICATION,
  ensureApplicationRole,
  launchPostgres,
  removePostgresData,
  type RunningPostgres,
  withClient,
} from '@preau/postgres-launcher';
import type { TestProject } from 'vitest/node';
import { abandonedFolders, throwawayFolder } from './throwaway-folder.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser, database `postgres`. */
    adminUrl: string;
    /** Role `preau`; its database is shared by the run: take a fresh one instead. */
    appUrl: string;
    /** Part of the names of this run's databases. */
    runId: string;
  }
}

const PREFIX = 'preau-test-pg-';
let server: RunningPostgres | undefined;
let dataDir: string | undefined;
let adopted: { adminUrl: string; runId: string } | undefined;

/**
 * Vitest global setup: one throwaway PostgreSQL for the run, or the one that TEST_DATABASE_ADMIN_URL
 * (a superuser) names, on which only databases of this run are made and dropped.
 */
export async function setup(project: TestProject): Promise<void> {
  const runId = randomBytes(4).toString('hex');
  const given = process.env.TEST_DATABASE_ADMIN_URL;
  project.provide('runId', runId);
  if (given) {
    adopted = { adminUrl: given, runId };
    // The same for every run on that server: two runs at once must not take the role from each other.
    const password = createHash('sha256').update(given).digest('hex').slice(0, 24);
    await withClient(given, (client) => ensureApplicationRole(client, password));
    const app = new URL(given);
    Object.assign(app, { username: APPLICATION, password });
    project.provide('adminUrl', given);
    project.provide('appUrl', app.href);
    return;
  }
  for (const folder of abandonedFolders(PREFIX)) await removePostgresData(folder);
  dataDir = throwawayFolder(PREFIX);
  server = await launchPostgres({ dataDir, durable: false });
  project.provide('adminUrl', server.adminUrl);
  project.provide('appUrl', server.url);
}

/** Leaves nothing behind: neither process nor folder, nor database on a server that is not ours. */
export async function teardown(): Promise<void> {
  await server?.stop();
  if (dataDir) await removePostgresData(dataDir);
  if (!adopted) return;
  const { runId } = adopted;
  await withClient(adopted.adminUrl, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [`preau_test_${runId}_`],
    );
    for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS "${datname}" WITH (FORCE)`);
  });
}
