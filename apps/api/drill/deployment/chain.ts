import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { bareEnvironment } from '@preau/testkit/bare-environment';
import { startPgbouncer } from '@preau/testkit/pgbouncer';
import { startRedis } from '@preau/testkit/redis';
import { ask } from '../../bench/ask.ts';
import type { Endings } from '../../bench/endings.ts';
import { freePort } from '@preau/testkit/free-port';
import { throwawayDatabase } from '../../fuzz/database.ts';
import { startNameServer, type NameServer } from './name-server.ts';
import { startProgram, type Program } from './program.ts';
import { startProxy, type Proxy } from './proxy.ts';

/** An API node. */
export interface Node {
  port: number;
  metricsPort: number;
  start(): Promise<void>;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Everything of a deployment on one machine: see infra/compose.yaml, of which this is the same without containers. */
export interface Chain {
  base: string;
  nodes: [Node, Node];
  workerMetricsPort: number;
  names: NameServer;
  proxy: Proxy;
  /** Runs the `preau` command; resolves with what it printed. */
  preau(...words: string[]): Promise<string>;
  folder: string;
}

export const BASE = 'ecole.test';
const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
/** Seconds: longer than the proxy's health_interval. */
const SHUTDOWN_DELAY = '3';

const answers = async (url: string): Promise<boolean> => (await ask(url)).status === 200;

/** Starts it in the order of a server that boots; `endings` stops and removes it. */
export async function startChain(endings: Endings, progress: (step: string) => void): Promise<Chain> {
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'preau-drill-'));
  endings.add(() => fs.rmSync(folder, { recursive: true, force: true }));

  progress('PostgreSQL, PgBouncer, Redis, dnsmasq');
  const database = await throwawayDatabase(endings);
  const pooler = await startPgbouncer({ url: database.url, poolSize: 20 });
  endings.add(() => pooler.stop());
  const redis = await startRedis();
  endings.add(() => redis.stop());
  const names = await startNameServer(BASE, folder, endings);

  const httpsPort = await freePort();
  const environment: Record<string, string> = {
    DATABASE_URL: pooler.url,
    DATABASE_DIRECT_URL: database.url,
    REDIS_URL: redis.url,
    PREAU_BASE_DOMAIN: BASE,
    PREAU_PUBLIC_SCHEME: 'https',
    PREAU_PUBLIC_PORT: String(httpsPort),
    PREAU_DATA_DIR: path.join(folder, 'data'),
    PREAU_ADMIN_PASSWORD: randomBytes(18).toString('base64url'),
    PREAU_TRUST_PROXY: '127.0.0.1',
    PREAU_DNS_SERVERS: names.address,
    PREAU_MIGRATE: 'shared',
    PREAU_JOBS: '0',
    PREAU_SHUTDOWN_DELAY: SHUTDOWN_DELAY,
    NODE_ENV: 'production',
    LOG_LEVEL: 'warn',
  };
  const preau = async (...words: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...words], {
      env: bareEnvironment({ ...environment, DATABASE_URL: database.url }),
    });
    return stdout;
  };

  progress('preau migrate');
  await preau('migrate');

  progress('Two nodes and a worker');
  const node = async (): Promise<Node> => {
    const [port, metricsPort] = [await freePort(), await freePort()];
    let running: Program | undefined;
    return {
      port,
      metricsPort,
      async start() {
        running = await startProgram({
          command: [process.execPath, CLI, 'serve'],
          environment: { ...environment, PORT: String(port), PREAU_METRICS_PORT: String(metricsPort) },
          ready: () => answers(`http://127.0.0.1:${port}/readyz`),
          endings,
        });
      },
      end: async (signal) => running?.end(signal),
    };
  };
  const nodes: [Node, Node] = [await node(), await node()];
  for (const { start } of nodes) await start();
  const workerMetricsPort = await freePort();
  await startProgram({
    command: [process.execPath, CLI, 'worker'],
    environment: { ...environment, PREAU_JOBS: '2', PREAU_METRICS_PORT: String(workerMetricsPort) },
    ready: () => answers(`http://127.0.0.1:${workerMetricsPort}/metrics`),
    endings,
  });

  progress('Caddy');
  const proxy = await startProxy({
    base: BASE,
    httpsPort,
    nodes: nodes.map(({ port }) => port),
    folder,
    endings,
  });
  return { base: BASE, nodes, workerMetricsPort, names, proxy, preau, folder };
}
