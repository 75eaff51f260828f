import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { Endings } from '../bench/endings.ts';
import { openDatabase, type Database } from '../src/database/database.ts';
import { ensureFirstNetwork } from '../src/database/seeds/first-network.ts';
import { loadConfig } from '../src/config.ts';
import { OPERATOR } from '../src/features/audit/index.ts';
import { migrateFleet } from '../src/features/fleet/index.ts';
import { createServices, type Services } from '../src/services.ts';
import { throwawayDatabase } from '../fuzz/database.ts';
import { startVictim, type Victim } from './victim.ts';

/** The product on a database and a data folder of its own, to be killed, and what looks at it from beside. */
export interface Installation {
  dataDir: string;
  database: Database;
  services: Services;
  /** The superuser, in the product's database: sees every schema, and may lock the catalogue. */
  admin: pg.Pool;
  /** Where the superuser finds the database. */
  adminUrl: string;
  /** A platform key that may do everything with schools. */
  key: string;
  /** Starts the server, by another script if told; takes over after one second of silence. */
  start(script?: string): Promise<Victim>;
}

const COMMON = { PREAU_DEMO: 'off', PREAU_JOBS_SILENCE: '1', LOG_LEVEL: 'error', PREAU_METRICS_PORT: '0' };

/** Prepares it all; `endings` stops and removes it. */
export async function install(endings: Endings, more: Record<string, string> = {}): Promise<Installation> {
  const { url, adminUrl } = await throwawayDatabase(endings);
  const dataDir = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'preau-chaos-'));
  endings.add(() => fs.rmSync(dataDir, { recursive: true, force: true }));
  const environment = { ...COMMON, DATABASE_URL: url, PREAU_DATA_DIR: dataDir, ...more };
  const start = (script = 'src/server.ts') => startVictim({ script, environment, endings });

  const database = await openDatabase({ url, applicationName: 'preau chaos' });
  const services = createServices(
    {
      base: { scheme: 'http', domain: 'localhost', port: null },
      dataDir,
      jobs: { concurrency: 0, silentSeconds: 1 },
    },
    database,
    () => {},
  );
  // As the first start does it, without that start.
  const [shared] = await migrateFleet(database, { sharedOnly: true });
  if (shared?.error) throw new Error(shared.error);
  await ensureFirstNetwork(services, loadConfig({}, environment).metaSubdomain);
  const admin = new pg.Pool({ connectionString: adminUrl, max: 3 });
  admin.on('error', () => {});
  endings.add(async () => {
    await admin.end();
    await services.lastAccess.close();
    await database.close();
  });
  const { key } = await services.apiKeys.create(OPERATOR, {
    name: 'chaos',
    scopes: ['tenants:create', 'tenants:provision', 'tenants:read', 'jobs:read'],
  });
  return { dataDir, database, services, admin, adminUrl, key, start };
}
