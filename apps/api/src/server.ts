import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { buildApp } from './app.ts';
import { ConfigError, loadConfig, secretsOf, type Config } from './config.ts';
import { loadDemo, type DemoAccount } from './database/seeds/demo.ts';
import { ensureFirstNetwork } from './database/seeds/first-network.ts';
import { ensureSuperadmin } from './features/identity/index.ts';
import { migrateFleet } from './features/fleet/index.ts';
import { startJobWorker } from './features/jobs/index.ts';
import type { RealtimePart } from './features/realtime/index.ts';
import { registerGauges } from './features/health/gauges.ts';
import { createLoggers } from './platform/logger.ts';
import { startMetrics } from './platform/metrics-server.ts';
import { openRedis } from './platform/redis.ts';
import type { Storage } from './platform/storage/storage.ts';
import type { Services } from './services.ts';
import { openInstallation } from './start-up.ts';
import { welcome } from './welcome.ts';

/** Milliseconds that a request under way has to end when the process is told to. */
const PATIENCE = 10_000;

export interface Serving {
  /** Port that was given by the system when 0 was asked for. */
  port: number;
  close(): Promise<void>;
}

/** Brings the database up to date and what must exist into being: migrations, first network, first super-admin, demo. */
async function prepare(config: Config, installation: Awaited<ReturnType<typeof openInstallation>>) {
  const { database, services } = installation;
  const failed = (await migrateFleet(database, { sharedOnly: config.migrate === 'shared' })).filter(
    ({ error }) => error,
  );
  const shared = failed.find(({ schemaName }) => schemaName === 'public');
  if (shared) throw new Error(`The shared tables could not be migrated: ${shared.error}`);
  await ensureFirstNetwork(services, config.metaSubdomain);
  const superadmin = await ensureSuperadmin(services.tenancy, config.admin);
  const demo: DemoAccount[] = config.demo ? await loadDemo(services) : [];
  return { failed, superadmin, demo };
}

/** Ends the process when told to, once what was begun is closed: a start under way too, which may hold a PostgreSQL. */
function endOnSignals(serving: Promise<Serving>): void {
  let ending: Promise<void> | undefined;
  const end = () => {
    ending ??= serving
      .then(({ close }) => close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
}

/** What a process that tries the server gives it besides. */
interface Besides {
  /** Where files are kept, if not in the data folder. */
  storage?: Storage | undefined;
  /** What it does with sockets, after the parts of all features. */
  realtime?: ((services: Services) => readonly RealtimePart[]) | undefined;
}

async function start(config: Config, { storage, realtime }: Besides): Promise<Serving> {
  const loggers = createLoggers({ level: config.logLevel, terminal: config.terminal });
  const { logger } = loggers;
  const onError = (error: unknown) => logger.error({ err: error }, 'work after a commit failed');
  const onSharedTrouble = (error: Error) => logger.warn({ err: error }, 'Redis is done without for a while');
  const installation = await openInstallation(config, {
    applicationName: 'preau server',
    onError,
    storage,
    onSharedTrouble,
  });
  const redis = config.redisUrl
    ? openRedis(config.redisUrl, (error) => logger.warn({ err: error }, 'Redis does not answer'))
    : null;
  let stopping = false;
  try {
    const { failed, superadmin, demo } = await prepare(config, installation);
    for (const report of failed) logger.error(report, 'a school could not be migrated');
    if (await isSuperuser(installation))
      logger.warn(
        'The database role is a superuser: it can read every school without becoming its role. Give DATABASE_URL an ordinary one.',
      );
    const feed = await installation.services.listen((error) =>
      logger.warn({ err: error }, 'the feed of changes was cut'),
    );
    const { services } = installation;
    const app = await buildApp({
      services,
      realtime: realtime?.(services) ?? [],
      secret: secretsOf(config)[0] ?? '',
      loggers,
      redis,
      trustProxy: config.trustProxy,
      stopping: () => stopping,
    });
    await app.listen({ port: config.port, host: config.host });
    registerGauges(installation.services);
    // What a process that was killed had promised, and left.
    installation.services.mediaCare.sweep().catch(onError);
    const metrics = await startMetrics(installation.services.metrics.registry, config.metrics, logger);
    const worker =
      config.jobs.concurrency === 0
        ? null
        : startJobWorker({
            ...config.jobs,
            services: installation.services,
            url: installation.database.directUrl,
            onError: (error) => logger.error({ err: error }, 'jobs'),
          });
    installation.services.poolKeeper.start();
    const { port } = app.server.address() as AddressInfo;
    const base = { ...config.base, port: config.port === 0 ? port : config.base.port };
    process.stdout.write(welcome({ base, superadmin, demo, dataDir: config.dataDir }));

    return {
      port,
      async close() {
        stopping = true;
        // Whoever sends requests here has to see that it is to stop before connections are refused.
        if (config.shutdownDelay > 0) await delay(config.shutdownDelay * 1_000);
        // Requests under way are waited for, but not one whose client has gone silent.
        setTimeout(() => app.server.closeAllConnections(), PATIENCE).unref();
        await Promise.all([app.close(), worker?.close()]);
        await feed.close();
        await metrics?.close();
        redis?.disconnect();
        await installation.close();
        await loggers.flush();
      },
    };
  } catch (error) {
    redis?.disconnect();
    await installation.close().catch(() => {});
    throw error;
  }
}

async function isSuperuser({ services }: Awaited<ReturnType<typeof openInstallation>>): Promise<boolean> {
  const { rows } = await services.tenancy.central(
    ({ trx }) => trx.raw('SELECT rolsuper FROM pg_roles WHERE rolname = current_user'),
    { readOnly: true },
  );
  return rows[0]?.rolsuper === true;
}

/** Starts the product. Resolves when it answers. */
export async function serve(
  options: Besides & { defaults?: Record<string, string>; handleSignals?: boolean } = {},
): Promise<Serving> {
  const serving = start(loadConfig(options.defaults), options);
  if (options.handleSignals !== false) endOnSignals(serving);
  return serving;
}

/** The same for the command line, which would end the process with the promise: the signals do. */
export async function serveUntilTold(): Promise<never> {
  await serve();
  return new Promise(() => {});
}

if (import.meta.main) {
  serve().catch((error: unknown) => {
    console.error(error instanceof ConfigError ? error.message : error);
    process.exit(1);
  });
}
