import { loadConfig, type Config } from './config.ts';
import { startJobWorker } from './features/jobs/index.ts';
import { registerGauges } from './features/health/gauges.ts';
import { createLoggers } from './platform/logger.ts';
import { startMetrics } from './platform/metrics-server.ts';
import { openInstallation } from './start-up.ts';

export interface Working {
  close(): Promise<void>;
}

/**
 * Runs jobs and answers no requests: for installations whose servers have `PREAU_JOBS=0`. Migrates nothing: a server or
 * `preau migrate` does.
 */
export async function work(config: Config = loadConfig()): Promise<Working> {
  const loggers = createLoggers({ level: config.logLevel, terminal: config.terminal });
  const { logger } = loggers;
  const onError = (error: unknown) => logger.error({ err: error }, 'jobs');
  const installation = await openInstallation(config, {
    applicationName: 'preau worker',
    onError,
    onSharedTrouble: (error) => logger.warn({ err: error }, 'Redis is done without for a while'),
  });
  const { services, database } = installation;
  try {
    const feed = await services.listen((error) => logger.warn({ err: error }, 'the feed of changes was cut'));
    const worker = startJobWorker({
      services,
      url: database.directUrl,
      concurrency: config.jobs.concurrency || 2,
      silentSeconds: config.jobs.silentSeconds,
      onError,
    });
    registerGauges(services);
    const metrics = await startMetrics(services.metrics.registry, config.metrics, logger);
    logger.info({ kinds: [...services.jobs.kinds.keys()] }, 'ready for jobs');
    return {
      async close() {
        await worker.close();
        await feed.close();
        await metrics?.close();
        await installation.close();
        await loggers.flush();
      },
    };
  } catch (error) {
    await installation.close().catch(() => {});
    throw error;
  }
}

/** Works until the process is told to end; then gives back what is under way and resolves. */
export async function workUntilTold(config?: Config): Promise<void> {
  const working = await work(config);
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  await promise;
  await working.close();
}

if (import.meta.main) {
  workUntilTold().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}
