import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChangeFeed, type Change } from '@preau/tenancy';
import { type DatabaseTemplate, type FreshDatabase, freshDatabase } from '@preau/testkit/databases';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { pino } from 'pino';
import { buildApp } from '../../src/app.ts';
import { type Database, openDatabase } from '../../src/database/database.ts';
import type { BoundRoute } from '../../src/features/define-feature.ts';
import { features } from '../../src/features/index.ts';
import { HOST_ROW_SHAPE, type SnapshotRow } from '../../src/features/current-tenant/index.ts';
import { ensureSuperadmin } from '../../src/features/identity/index.ts';
import type { SchoolSeed } from '../../src/features/tenants/index.ts';
import { listenToChanges } from '../../src/platform/changes.ts';
import { openRedis } from '../../src/platform/redis.ts';
import { createRedisHosts, type RedisHosts } from '../../src/platform/redis-hosts.ts';
import type { NotificationDefinition } from '../../src/features/notifications/index.ts';
import type { Config } from '../../src/config.ts';
import { startJobWorker, type JobDefinition } from '../../src/features/jobs/index.ts';
import type { RealtimePart } from '../../src/features/realtime/index.ts';
import { createServices, type Services } from '../../src/services.ts';

export const SUPERADMIN = { email: 'admin@example.org', password: 'correct horse battery' } as const;

/** The markers of the built page, and one file to serve. */
export const TEMPLATE =
  '<!doctype html><html lang="fr"><head><meta charset="utf-8"><!--preau-head-->' +
  '<script type="module" src="/assets/app.js"></script></head><body><div id="app"><!--preau-frame--></div></body></html>';

/** Shared tables at the head of their ladder, and one super-admin. No school: its role would be every database's. */
const platform: DatabaseTemplate = {
  name: 'platform',
  async build(url, adminUrl) {
    const database = await openDatabase({ url, adminUrl });
    const { error } = await database.migrator.migratePublic();
    if (error) throw new Error(error);
    await ensureSuperadmin(database.tenancy, SUPERADMIN);
    await database.close();
  },
};

export const platformDatabase = (): Promise<FreshDatabase> => freshDatabase({ template: platform });

export interface TestApp {
  app: FastifyInstance;
  services: Services;
  database: Database;
  fresh: FreshDatabase;
  /** The base domain. */
  base: string;
  /** The cache that processes share, when there is a Redis. */
  sharedHosts: RedisHosts<SnapshotRow> | null;
  /** Where files are kept. */
  dataDir: string;
  consoleHost: string;
  /** Rows of a query of the superuser, who sees every schema. */
  sql<T = Record<string, unknown>>(text: string, values?: unknown[]): Promise<T[]>;
  /** Listens on a free port of the loopback. */
  listen(): Promise<number>;
  /** Resolves once this application has heard of a change, made by whichever process. Ask before making it. */
  hears(kind: Change['kind'], id: string): Promise<void>;
  close(): Promise<void>;
}

export interface TestAppOptions {
  /** Several applications may share one; whoever made it drops it. */
  fresh?: FreshDatabase;
  /** Where the application finds its database, if not at `fresh` directly: behind something that can be cut. */
  url?: string;
  baseDomain?: string;
  scheme?: 'http' | 'https';
  trustProxy?: string[];
  redis?: string;
  /** Name server that domains are checked by; none that answers unless told. */
  dns?: string;
  /** Schemas built ahead; none unless told. Nothing keeps them ready: a test fills the pool when it wants to. */
  poolSize?: number;
  /** Whether to listen to changes, as the server does. */
  feed?: boolean;
  /** Runs jobs here: of these kinds besides the product's. A process silent for two seconds is taken for dead. */
  jobs?: readonly JobDefinition[];
  /** What it says that it was started with. */
  origins?: Config['origins'];
  /** What it answers, instead of the product's routes. */
  routes?: readonly BoundRoute[];
  /** What it does with sockets besides. */
  realtime?: readonly RealtimePart[];
  /** The server that mail goes to; kept unless told. */
  smtpUrl?: string;
  /** Kinds that people are told of besides the product's. */
  notifications?: readonly NotificationDefinition[];
  /** What new schools have besides. */
  seeds?: readonly SchoolSeed[];
  /** Serves the application that was built, and not a template of its page. */
  built?: boolean;
}

/** The product as the server builds it, on a database of its own. Listens to nothing unless asked. */
export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const fresh = options.fresh ?? (await platformDatabase());
  const url = options.url ?? fresh.url;
  const base = options.baseDomain ?? 'localhost';
  const failures: unknown[] = [];
  const dataDir = mkdtempSync(join(tmpdir(), 'preau-test-data-'));
  const database = await openDatabase({ url, max: 6, onEffectError: (error) => failures.push(error) });
  const sharedHosts = options.redis
    ? createRedisHosts<SnapshotRow>({ url: options.redis, installation: base, shape: HOST_ROW_SHAPE })
    : null;
  const services = createServices(
    {
      base: { scheme: options.scheme ?? 'http', domain: base, port: 3000 },
      dataDir,
      jobs: { concurrency: 2, silentSeconds: 2 },
      // Tests ask nobody outside.
      names: { servers: [options.dns ?? '127.0.0.1:9'], addresses: [], authorities: ['letsencrypt.org'] },
      poolSize: options.poolSize ?? 0,
      ...(options.origins ? { origins: options.origins } : {}),
      mail: { smtpUrl: options.smtpUrl, from: `no-reply@${base}` },
    },
    database,
    (error) => failures.push(error),
    {
      all: [
        ...features,
        {
          name: 'test',
          jobs: options.jobs ?? [],
          seeds: options.seeds ?? [],
          notifications: options.notifications ?? [],
        },
      ],
      sharedHosts,
    },
  );
  const worker = options.jobs
    ? startJobWorker({
        services,
        url: fresh.url,
        concurrency: 2,
        silentSeconds: 2,
        onError: (error) => failures.push(error),
      })
    : null;
  const waiting = new Map<string, () => void>();
  const { onChange, onGap, onDoubt } = listenToChanges(services);
  const feed =
    options.feed === false
      ? null
      : await createChangeFeed({
          url: fresh.url,
          onDelay: services.metrics.changeHeard,
          onGap,
          onDoubt,
          onChange(change) {
            onChange(change);
            waiting.get(`${change.kind}:${change.id}`)?.();
          },
        });
  const redis = options.redis ? openRedis(options.redis, () => {}) : null;
  if (redis) await once(redis, 'ready');
  const webRoot = mkdtempSync(join(tmpdir(), 'preau-test-web-'));
  writeFileSync(join(webRoot, 'index.html'), TEMPLATE);
  const logger = pino({ level: 'silent' });
  const app = await buildApp({
    services,
    secret: 'test secret',
    loggers: { logger, access: null },
    redis,
    ...(options.built ? {} : { webRoot }),
    trustProxy: options.trustProxy ?? false,
    ...(options.routes ? { routes: options.routes } : {}),
    realtime: options.realtime ?? [],
  });
  await app.ready();
  const observer = new pg.Pool({ connectionString: fresh.adminUrl, max: 2 });
  // A test may cut every connection of the database, idle ones too.
  observer.on('error', () => {});
  return {
    app,
    services,
    database,
    fresh,
    base,
    sharedHosts,
    dataDir,
    consoleHost: `console.${base}`,
    sql: async (text, values = []) => (await observer.query(text, values)).rows,
    async listen() {
      await app.listen({ port: 0, host: '127.0.0.1' });
      return (app.server.address() as AddressInfo).port;
    },
    hears: (kind, id) => new Promise((resolve) => waiting.set(`${kind}:${id}`, resolve)),
    async close() {
      await Promise.all([app.close(), worker?.close()]);
      await feed?.close();
      redis?.disconnect();
      sharedHosts?.close();
      await services.poolKeeper.close();
      await services.lastAccess.close();
      await database.close();
      await observer.end();
      for (const folder of [webRoot, dataDir]) rmSync(folder, { recursive: true, force: true });
      if (!options.fresh) await fresh.drop();
      // An effect that failed after a commit left somebody with an old answer.
      if (failures.length > 0) throw new AggregateError(failures, 'work after a commit failed');
    },
  };
}
