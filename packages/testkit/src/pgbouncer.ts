import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { chooseSystemUser, isRoot } from '@preau/postgres-launcher';
import { freePort } from './free-port.ts';

export interface ThrowawayPgbouncer {
  /** The database's address through the pooler. */
  url: string;
  port: number;
  pid: number;
  /** Ends it and removes its folder. May be called more than once. */
  stop(): Promise<void>;
}

export interface PgbouncerOptions {
  /** The database behind it, with the role and password that clients use too. */
  url: string;
  /** Connections to the server. */
  poolSize: number;
  program?: string;
}

const unquoted = (text: string): string => text.replaceAll('"', '""');

function configuration(target: URL, port: number, folder: string, poolSize: number): string {
  return [
    '[databases]',
    `* = host=${target.hostname} port=${target.port}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = scram-sha-256',
    `auth_file = ${path.join(folder, 'users.txt')}`,
    'pool_mode = transaction',
    `default_pool_size = ${poolSize}`,
    'max_client_conn = 200',
    // A server that was killed is asked for again at once and not after 15 seconds.
    'server_login_retry = 0.05',
    'query_wait_timeout = 20',
    '',
  ].join('\n');
}

/** Resolves when it takes connections; rejects with what it printed when it ends before. */
function whenReady(child: ChildProcess, program: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-10_000);
      if (printed.includes('process up')) resolve();
    });
    child.on('error', (cause: NodeJS.ErrnoException) => {
      // Another user may not look into all the folders of our PATH.
      const missing = ['ENOENT', 'EACCES'].includes(cause.code ?? '');
      const reason = missing
        ? `${program} is not installed. On Debian and Ubuntu: apt-get install pgbouncer`
        : cause.message;
      reject(new Error(reason, { cause }));
    });
    child.on('exit', (code) => reject(new Error(`${program} ended with ${code}:\n${printed}`)));
  });
}

/**
 * Starts a real PgBouncer in transaction mode on a free port of 127.0.0.1, before one database. Rejects with what to
 * install when the machine has none.
 */
export async function startPgbouncer(options: PgbouncerOptions): Promise<ThrowawayPgbouncer> {
  const program = options.program ?? 'pgbouncer';
  const target = new URL(options.url);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'preau-test-pgbouncer-'));
  // Like PostgreSQL it refuses to be root, and its files hold a password.
  const user = isRoot() ? chooseSystemUser() : undefined;
  const write = (name: string, text: string): string => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, text, { mode: 0o600 });
    if (user) fs.chownSync(file, user.uid, user.gid);
    return file;
  };
  const [name, password] = [target.username, target.password].map((part) =>
    unquoted(decodeURIComponent(part)),
  );
  write('users.txt', `"${name}" "${password}"\n`);
  if (user) fs.chownSync(folder, user.uid, user.gid);

  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const file = write('pgbouncer.ini', configuration(target, port, folder, options.poolSize));
    // Debian has it where an ordinary user's PATH does not lead.
    const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` };
    const child = spawn(program, [file], { stdio: ['ignore', 'ignore', 'pipe'], env, ...user });
    const gone = new Promise<void>((resolve) => child.on('exit', () => resolve()));
    try {
      await whenReady(child, program);
    } catch (error) {
      // Somebody took the port between our look and its own.
      if (/in use|cannot listen/i.test(String(error)) && attempt < 5) continue;
      fs.rmSync(folder, { recursive: true, force: true });
      throw error;
    }
    const killNow = (): void => void child.kill('SIGKILL');
    // A process that ends without stop() must not leave a pooler behind.
    process.on('exit', killNow);
    const through = new URL(options.url);
    through.hostname = '127.0.0.1';
    through.port = String(port);
    return {
      url: through.href,
      port,
      pid: child.pid ?? 0,
      async stop() {
        child.kill('SIGTERM');
        await gone;
        process.off('exit', killNow);
        fs.rmSync(folder, { recursive: true, force: true });
      },
    };
  }
}
