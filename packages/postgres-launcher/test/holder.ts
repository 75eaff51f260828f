import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import type { RunningPostgres } from '../src/index.ts';
import type { SystemUser } from '../src/system-user.ts';

const script = path.join(import.meta.dirname, 'hold-server.ts');

/** A process that launches PostgreSQL on a folder and holds it. */
export interface Holder {
  child: ChildProcess;
  /** Resolves when the server is up; rejects with what the process printed when it ends before. */
  ready: Promise<Omit<RunningPostgres, 'stop'>>;
  kill(): Promise<void>;
  leave(): Promise<void>;
}

export function hold(
  dataDir: string,
  options: { user?: SystemUser; env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Holder {
  const child = spawn(process.execPath, [script, dataDir], {
    ...options.user,
    cwd: options.cwd ?? '/',
    env: { ...process.env, ...options.env },
  });
  let printed = '';
  let complaint = '';
  const ready = new Promise<Omit<RunningPostgres, 'stop'>>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.endsWith('\n')) resolve(JSON.parse(printed) as RunningPostgres);
    });
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.on('exit', () => reject(new Error(complaint || 'ended before the server was up')));
  });
  ready.catch(() => {});
  const ended = once(child, 'exit');
  return {
    child,
    ready,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async leave() {
      child.stdin.write('leave\n');
      await ended;
    },
  };
}
