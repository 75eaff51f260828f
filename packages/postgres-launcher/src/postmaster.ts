import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { childEnvironment } from './child-environment.ts';
import { LaunchError } from './launch-error.ts';
import { isAlive, programOf, workingDirectory } from './process-identity.ts';

/** What postmaster.pid says. */
export interface Postmaster {
  pid: number;
  port: number;
  status: 'starting' | 'ready' | 'stopping' | 'standby';
}

/** Reads postmaster.pid of a cluster; undefined when it is absent or not yet written to its end. */
export function readPostmaster(cluster: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = fs.readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const status = (lines[7]?.trim() || 'starting') as Postmaster['status'];
  return { pid, port: Number(lines[3]), status };
}

/**
 * The server that runs on this cluster, if one does. A pid file whose process is gone, or whose number
 * another program has now, counts as none. PostgreSQL works inside its data directory, which tells two
 * servers apart even after the folder was renamed.
 */
export function findPostmaster(cluster: string): Postmaster | undefined {
  const found = readPostmaster(cluster);
  if (!found || !isAlive(found.pid)) return undefined;
  const program = programOf(found.pid);
  if (program !== undefined && !path.basename(program).startsWith('postgres')) return undefined;
  const folder = workingDirectory(found.pid);
  if (folder !== undefined && folder !== cluster) return undefined;
  return found;
}

/**
 * PostgreSQL itself refuses to start over a pid file whose number is alive, whatever program it is now.
 * Call it under the folder's lock, and only after findPostmaster said none.
 */
export function clearStalePidFile(cluster: string): void {
  const stale = readPostmaster(cluster);
  if (stale && isAlive(stale.pid)) fs.rmSync(path.join(cluster, 'postmaster.pid'), { force: true });
}

/** Resolves when `done()` holds, rejects after `patience` milliseconds with `complaint`. */
export async function waitUntil(done: () => boolean, patience: number, complaint: string): Promise<void> {
  const giveUpAt = performance.now() + patience;
  while (!done()) {
    if (performance.now() > giveUpAt) throw new LaunchError(complaint);
    await delay(5);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Stops the server of a cluster and waits for the end of its process: fast (running transactions are
 * rolled back), and after `patience` milliseconds at once (the next start then recovers from the log).
 */
export async function stopPostmaster(cluster: string, binaries?: Binaries, patience = 30_000): Promise<void> {
  const running = findPostmaster(cluster);
  if (!running) return;
  const { pid } = running;
  if (process.platform === 'win32' && binaries) {
    execFileSync(binaries.pgCtl, ['stop', '-D', cluster, '-m', 'fast', '-w'], {
      stdio: 'ignore',
      env: childEnvironment(),
    });
    return;
  }
  signal(pid, 'SIGINT');
  try {
    await waitUntil(() => !isAlive(pid), patience, `PostgreSQL (process ${pid}) did not stop.`);
  } catch {
    signal(pid, 'SIGQUIT');
    await waitUntil(() => !isAlive(pid), 10_000, `PostgreSQL (process ${pid}) does not stop.`);
  }
}
