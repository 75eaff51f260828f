import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Binaries, whyNotRunnable } from './binaries.ts';
import { childEnvironment } from './child-environment.ts';
import { type DataFolder, giveToOwner } from './data-folder.ts';
import { LaunchError } from './launch-error.ts';
import { type Postmaster, readPostmaster } from './postmaster.ts';

/** Longest crash recovery that a start waits for, in milliseconds. */
const RECOVERY = 300_000;
const LOG_LIMIT = 8 * 1024 * 1024;

/** The server ended before it was ready. `kind` says whether another attempt can help. */
export class StartFailure extends LaunchError {
  readonly kind: 'port' | 'held' | 'other';

  constructor(kind: StartFailure['kind'], message: string, options: { log?: string; hint?: 'database-url' }) {
    super(message, options);
    this.kind = kind;
  }
}

/** A TCP port of 127.0.0.1 that is free at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Resolves to whether nothing listens on this port of 127.0.0.1. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Given on the command line, not in postgresql.conf: an upgrade of this package then reaches old clusters. */
function settings(port: number, durable: boolean): string[] {
  const values: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    // Dropping or dumping a school touches every table it has.
    max_locks_per_transaction: 256,
    shared_buffers: '128MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

function openLog(folder: DataFolder): { fd: number; file: string; from: number } {
  const file = path.join(folder.home, 'server.log');
  const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT) fs.renameSync(file, `${file}.1`);
  const fd = fs.openSync(file, 'a', 0o600);
  giveToOwner(file, folder.home);
  return { fd, file, from: size > LOG_LIMIT ? 0 : size };
}

/** Turns what the server printed into an error. Exported for its test. */
export function explain(log: string, port: number, binaries: Binaries, folder: DataFolder): StartFailure {
  if (/could not bind .*(in use)|could not create any TCP\/IP sockets/i.test(log)) {
    return new StartFailure('port', `Port ${port} is taken by another program.`, { log });
  }
  if (/lock file ".*" already exists|pre-existing shared memory block/i.test(log)) {
    return new StartFailure('held', `Another server is using ${folder.cluster}.`, { log });
  }
  if (/No space left on device/i.test(log)) {
    return new StartFailure('other', `There is no space left for ${folder.cluster}.`, { log });
  }
  if (/error while loading shared libraries|Library not loaded/.test(log)) {
    return new StartFailure('other', 'PostgreSQL lacks a library of this system.', {
      log,
      hint: 'database-url',
    });
  }
  const reason = log ? undefined : whyNotRunnable(binaries, folder.user);
  return reason
    ? new StartFailure('other', `PostgreSQL does not run on this system: ${reason}.`, {
        hint: 'database-url',
      })
    : new StartFailure('other', 'PostgreSQL did not start.', { log });
}

export interface ServerOptions {
  folder: DataFolder;
  binaries: Binaries;
  port: number;
  durable: boolean;
}

/**
 * Starts the server and waits until it takes connections, through crash recovery if need be.
 * Rejects with a StartFailure that quotes the server's log.
 */
export async function startServer(options: ServerOptions): Promise<Postmaster> {
  const { folder, binaries, port, durable } = options;
  const log = openLog(folder);
  const child = spawn(binaries.postgres, ['-D', folder.cluster, ...settings(port, durable)], {
    ...folder.user,
    cwd: '/',
    env: childEnvironment(),
    // Its own session: Ctrl-C in a terminal reaches the application, which stops the server when it has closed.
    detached: true,
    // A file, not a pipe: the server outlives a killed parent.
    stdio: ['ignore', log.fd, log.fd],
    windowsHide: true,
  });
  fs.closeSync(log.fd);
  let ended: string | undefined;
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (code, signal) => (ended ??= `exit ${signal ?? code}`));
  child.unref();

  const giveUpAt = performance.now() + RECOVERY;
  for (;;) {
    const state = readPostmaster(folder.cluster);
    if (state?.pid === child.pid && state?.status === 'ready') return state;
    if (ended !== undefined) {
      throw explain(fs.readFileSync(log.file).subarray(log.from).toString().trim(), port, binaries, folder);
    }
    if (performance.now() > giveUpAt) {
      throw new LaunchError(`PostgreSQL is still recovering after ${RECOVERY / 1000} s; see ${log.file}.`);
    }
    await delay(5);
  }
}
