import { launchPostgres, type RunningPostgres } from '@preau/postgres-launcher';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { openDatabase, type Database } from './database/database.ts';
import { HOST_ROW_SHAPE, type SnapshotRow } from './features/current-tenant/index.ts';
import { createRedisHosts } from './platform/redis-hosts.ts';
import type { Storage } from './platform/storage/storage.ts';
import { createServices, type Services } from './services.ts';

/** The database open and the services on it: what the server, the command line and the demo all begin with. */
export interface Installation {
  database: Database;
  services: Services;
  /** The embedded server, when there is no DATABASE_URL. */
  postgres: RunningPostgres | null;
  close(): Promise<void>;
}

/** One server's address with the database of another address. */
function inDatabaseOf(server: string, database: string): string {
  const address = new URL(server);
  address.pathname = new URL(database).pathname;
  return address.href;
}

/** Starts or joins the embedded PostgreSQL unless a database is configured, and opens the services. Migrates nothing. */
export async function openInstallation(
  config: Config,
  options: {
    applicationName: string;
    onError: (error: unknown) => void;
    /** Where files are kept, if not in the data folder. */
    storage?: Storage | undefined;
    /** Joins the processes that serve: told of trouble with what they share. Commands are heard by the feed of changes. */
    onSharedTrouble?: (error: Error) => void;
  },
): Promise<Installation> {
  const postgres = config.databaseUrl
    ? null
    : await launchPostgres({ dataDir: join(config.dataDir, 'postgres') });
  const url = config.databaseUrl ?? postgres?.url ?? '';
  const database = await openDatabase({
    url,
    directUrl: config.databaseDirectUrl,
    adminUrl: postgres ? inDatabaseOf(postgres.adminUrl, url) : undefined,
    max: config.databasePoolMax,
    applicationName: options.applicationName,
    onEffectError: options.onError,
  });
  const sharedHosts =
    config.redisUrl && options.onSharedTrouble
      ? createRedisHosts<SnapshotRow>({
          url: config.redisUrl,
          installation: config.base.domain,
          shape: HOST_ROW_SHAPE,
          onError: options.onSharedTrouble,
        })
      : null;
  const services = createServices(config, database, options.onError, {
    ...(options.storage ? { storage: options.storage } : {}),
    sharedHosts,
  });
  return {
    database,
    services,
    postgres,
    async close() {
      sharedHosts?.close();
      await services.poolKeeper.close();
      await services.lastAccess.close();
      await database.close();
      await postgres?.stop();
    },
  };
}
