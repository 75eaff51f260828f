import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { freePort } from '@preau/testkit/free-port';

const SERVER = path.resolve(import.meta.dirname, '../../../api/src/server.ts');
const START_WITHIN = 90_000;

export const ADMIN = { email: 'admin@localhost', password: 'a password for browser tests' };

export interface E2eServer {
  port: number;
  /** Where its name server is looked for. */
  dnsPort: number;
  stop(): Promise<void>;
}

/** The product with its demo schools, on an embedded PostgreSQL in a throwaway folder. */
export async function startServer(): Promise<E2eServer> {
  const port = await freePort();
  // Nobody answers there until a test does.
  const dnsPort = await freePort();
  const dataDir = mkdtempSync(path.join(tmpdir(), 'preau-e2e-'));
  const server = spawn(process.execPath, [SERVER], {
    env: {
      ...process.env,
      PORT: String(port),
      PREAU_DATA_DIR: dataDir,
      PREAU_DEMO: 'on',
      PREAU_ADMIN_PASSWORD: ADMIN.password,
      PREAU_DNS_SERVERS: `127.0.0.1:${dnsPort}`,
      LOG_LEVEL: 'warn',
      DATABASE_URL: '',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
    }
    rmSync(dataDir, { recursive: true, force: true });
  };
  let output = '';
  const ready = new Promise<void>((resolve, reject) => {
    server.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Préau is ready')) resolve();
    });
    server.once('exit', () => reject(new Error(`The server ended before it was ready:\n${output}`)));
    setTimeout(() => reject(new Error(`The server was not ready in time:\n${output}`)), START_WITHIN).unref();
  });
  await ready.catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { port, dnsPort, stop };
}
