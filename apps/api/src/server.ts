import { createChangeFeed } from '@preau/tenancy';
import { Redis } from 'ioredis';
import type { AddressInfo } from 'node:net';
import { buildApp } from './app.ts';
import { ConfigError, keptSecret, loadConfig, type Config } from './config.ts';
import { loadDemo, type DemoAccount } from './database/seeds/demo.ts';
import { ensureFirstNetwork } from './database/seeds/first-network.ts';
import { ensureSuperadmin } from './features/identity/index.ts';
import { migrateFleet } from './features/fleet/index.ts';
import { createLoggers } from './platform/logger.ts';
import { listenToChanges } from './platform/changes.ts';
import { openInstallation } from './start-up.ts';
import { welcome } from './welcome.ts';

export interface Serving {
  /** Port that was given by the system when 0 was asked for. */
  port: number;
  close(): Promise<void>;
}

/** Brings the database up to date and what must exist into being: migrations, first network, first super-admin, demo. */
async function prepare(config: Config, installation: Awaited<ReturnType<typeof openInstallation>>) {
  const { database, services } = installation;
  const failed = (await migrateFleet(database)).filter(({ error }) => error);
  const shared = failed.find(({ schemaName }) => schemaName === 'public');
  if (shared) throw new Error(`The shared tables could not be migrated: ${shared.error}`);
  await ensureFirstNetwork(services, config.metaSubdomain);
  const superadmin = await ensureSuperadmin(services.tenancy, config.admin);
  const demo: DemoAccount[] = config.demo ? await loadDemo(services, config.metaSubdomain) : [];
  return { failed, superadmin, demo };
}

/** Starts the product. Resolves when it answers. */
export async function serve(
  options: { defaults?: Record<string, string>; handleSignals?: boolean } = {},
): Promise<Serving> {
  const config = loadConfig(options.defaults);
  const loggers = createLoggers({ level: config.logLevel, terminal: config.terminal });
  const { logger } = loggers;
  const onError = (error: unknown) => logger.error({ err: error }, 'work after a commit failed');
  const installation = await openInstallation(config, { applicationName: 'preau server', onError });
  const redis = config.redisUrl
    ? new Redis(config.redisUrl, { maxRetriesPerRequest: 1, enableOfflineQueue: false })
    : null;
  redis?.on('error', (error) => logger.warn({ err: error }, 'Redis does not answer'));
  let stopping = false;
  try {
    const { failed, superadmin, demo } = await prepare(config, installation);
    for (const report of failed) logger.error(report, 'a school could not be migrated');
    const feed = await createChangeFeed({
      url: config.databaseDirectUrl ?? installation.database.url,
      ...listenToChanges(installation.services),
      onError: (error) => logger.warn({ err: error }, 'the feed of changes was cut'),
    });
    const app = await buildApp({
      services: installation.services,
      secret: keptSecret(config.dataDir, 'secret').value,
      loggers,
      redis,
      trustProxy: config.trustProxy,
      stopping: () => stopping,
    });
    await app.listen({ port: config.port, host: config.host });
    const { port } = app.server.address() as AddressInfo;
    const base = { ...config.base, port: config.port === 0 ? port : config.base.port };
    process.stdout.write(
      welcome({ base, port, host: config.host, superadmin, demo, dataDir: config.dataDir }),
    );

    let closed: Promise<void> | undefined;
    const shutDown = async () => {
      stopping = true;
      await app.close();
      await feed.close();
      redis?.disconnect();
      await installation.close();
      await loggers.flush();
    };
    // Asked twice, both wait for the one closing: the second must not end the process before PostgreSQL has stopped.
    const close = () => (closed ??= shutDown());
    if (options.handleSignals !== false) {
      const end = () => {
        close().then(
          () => process.exit(0),
          (error: unknown) => {
            console.error(error);
            process.exit(1);
          },
        );
      };
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
    }
    return { port, close };
  } catch (error) {
    redis?.disconnect();
    await installation.close().catch(() => {});
    throw error;
  }
}

if (import.meta.main) {
  serve().catch((error: unknown) => {
    console.error(error instanceof ConfigError ? error.message : error);
    process.exit(1);
  });
}
