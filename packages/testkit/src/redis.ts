import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { freePort } from './free-port.ts';

export interface ThrowawayRedis {
  url: string;
  port: number;
  pid: number;
  /** Ends it as a crash would (SIGKILL); resolves when the process is gone. */
  kill(): Promise<void>;
  /** Ends it and removes its folder. May be called more than once, and after kill(). */
  stop(): Promise<void>;
}

/** Resolves when Redis takes connections; rejects with what it printed when it ends before. */
function whenReady(child: ChildProcess, program: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes('Ready to accept connections')) resolve();
    });
    child.on('error', (cause: NodeJS.ErrnoException) => {
      const reason =
        cause.code === 'ENOENT'
          ? `${program} is not installed. On Debian and Ubuntu: apt-get install redis-server`
          : cause.message;
      reject(new Error(reason, { cause }));
    });
    child.on('exit', (code) => reject(new Error(`${program} ended with ${code}:\n${printed}`)));
  });
}

/**
 * Starts a real Redis on a free port of 127.0.0.1 (or on `port`, to come back after kill()), without
 * persistence. Rejects with what to install when the machine has none.
 */
export async function startRedis(options: { port?: number; program?: string } = {}): Promise<ThrowawayRedis> {
  const program = options.program ?? 'redis-server';
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'preau-test-redis-'));
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    const args = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
    const child = spawn(program, args.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
    const gone = new Promise<void>((resolve) => child.on('exit', () => resolve()));
    try {
      await whenReady(child, program);
    } catch (error) {
      // Somebody took the port between our look and Redis' own.
      if (/Address already in use/.test(String(error)) && options.port === undefined && attempt < 5) continue;
      fs.rmSync(folder, { recursive: true, force: true });
      throw error;
    }
    const killNow = (): void => void child.kill('SIGKILL');
    // A test process that ends without stop() must not leave a server behind.
    process.on('exit', killNow);
    const end = async (signal: NodeJS.Signals): Promise<void> => {
      child.kill(signal);
      await gone;
      process.off('exit', killNow);
    };
    return {
      url: `redis://127.0.0.1:${port}`,
      port,
      pid: child.pid ?? 0,
      kill: () => end('SIGKILL'),
      async stop() {
        await end('SIGTERM');
        fs.rmSync(folder, { recursive: true, force: true });
      },
    };
  }
}
