import { launchPostgres, removePostgresData, type RunningPostgres } from '@preau/postgres-launcher';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig, type Config } from '../src/config.ts';
import { openDatabase, type Database } from '../src/database/database.ts';
import { createServices, type Services } from '../src/services.ts';
import { createAccessLog, type AccessLog } from './access-log.ts';
import type { Endings } from './endings.ts';
import { movePid, OTHER_CPUS, startServer, type ServerProcess } from './processes.ts';

/** The product as it comes, on a database of its own, and the same services here to prepare what is measured. */
export interface Installation {
  server: ServerProcess;
  accessLog: AccessLog;
  postgres: RunningPostgres;
  /** Opened in this process: not what is measured. */
  database: Database;
  services: Services;
  config: Config;
  /** Connections the server may open; peers get as many. */
  poolMax: number;
  /** Emptied at the end. */
  folder: string;
  /** Starts one more server on the same database. */
  startAnother(environment?: Record<string, string>, endings?: Endings): Promise<ServerProcess>;
  endings: Endings;
}

export interface InstallationOptions {
  endings: Endings;
  /** Options of Node for the product's process, such as `--cpu-prof`. */
  nodeOptions?: readonly string[];
  /** Variables besides. */
  environment?: Record<string, string>;
}

/** Starts everything in a new folder; `endings` stops and removes it. */
export async function install({
  endings,
  nodeOptions = [],
  environment: more = {},
}: InstallationOptions): Promise<Installation> {
  // Not in memory like the tests': provisioning waits for the disk, as in production.
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'preau-bench-'));
  // PostgreSQL's user has to pass through it when we are root.
  fs.chmodSync(folder, 0o711);
  endings.add(() => fs.rmSync(folder, { recursive: true, force: true }));

  const dataDir = path.join(folder, 'postgres');
  endings.add(() => removePostgresData(dataDir));
  const postgres = await launchPostgres({ dataDir });
  endings.add(() => postgres.stop());
  movePid(postgres.pid, OTHER_CPUS);

  const environment = {
    DATABASE_URL: postgres.url,
    PREAU_DATA_DIR: path.join(folder, 'data'),
    PREAU_DEMO: 'off',
    // Provisioning builds each schema while it is measured; what a ready one saves is measured apart.
    PREAU_POOL_SIZE: '0',
    PREAU_ADMIN_PASSWORD: randomBytes(18).toString('base64url'),
    PREAU_METRICS_PORT: '0',
    ...more,
  };
  const accessLog = createAccessLog(path.join(folder, 'access.log'));
  endings.add(() => accessLog.close());
  const startAnother = (besides: Record<string, string> = {}, until = endings): Promise<ServerProcess> =>
    startServer({
      script: fileURLToPath(new URL('../src/server.ts', import.meta.url)),
      readyPath: '/readyz',
      environment: { ...environment, ...besides },
      stdout: accessLog.fd,
      endings: until,
      nodeOptions,
    });
  const server = await startAnother();

  const config = loadConfig({}, environment);
  const fail = (error: unknown): void => void process.stderr.write(`${String(error)}\n`);
  const database = await openDatabase({
    url: postgres.url,
    applicationName: 'preau bench',
    onEffectError: fail,
  });
  const services = createServices(config, database, fail);
  // As a server does: roles are made ahead, and again while schools are made here.
  await services.roleStock.fill();
  services.poolKeeper.start();
  endings.add(async () => {
    await services.poolKeeper.close();
    await services.lastAccess.close();
    await database.close();
  });
  return {
    server,
    accessLog,
    postgres,
    database,
    services,
    config,
    poolMax: config.databasePoolMax,
    folder,
    startAnother,
    endings,
  };
}
