import { execFileSync } from 'node:child_process';
import process from 'node:process';

/** Identity that a child process is given. */
export interface SystemUser {
  uid: number;
  gid: number;
}

export interface UserTools {
  /** Numeric ids of a user name, or undefined. */
  lookup(name: string): SystemUser | undefined;
  /** Runs a program; false when it is missing or fails. */
  run(program: string, args: string[]): boolean;
}

function idOf(flag: '-u' | '-g', name: string): number {
  return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
}

const systemTools: UserTools = {
  lookup(name) {
    try {
      return { uid: idOf('-u', name), gid: idOf('-g', name) };
    } catch {
      return undefined;
    }
  },
  run(program, args) {
    try {
      execFileSync(program, args, { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  },
};

/** Shadow-utils (Debian, Fedora) first, then BusyBox and Debian's own adduser. */
const CREATE: [program: string, args: string[]][] = [
  ['useradd', ['--system', '--no-create-home', '--user-group', '--shell', '/usr/sbin/nologin', 'preau']],
  ['adduser', ['-S', '-D', '-H', '-s', '/sbin/nologin', 'preau']],
  ['adduser', ['--system', '--group', '--no-create-home', 'preau']],
];

/**
 * Picks the user that runs PostgreSQL when we are root, as PostgreSQL refuses to be root:
 * `postgres`, else `preau`, else a new `preau`, else `nobody`.
 * Throws when even `nobody` does not exist.
 */
export function chooseSystemUser(tools: UserTools = systemTools): SystemUser {
  const existing = tools.lookup('postgres') ?? tools.lookup('preau');
  if (existing) return existing;
  for (const [program, args] of CREATE) {
    const created = tools.run(program, args) ? tools.lookup('preau') : undefined;
    if (created) return created;
  }
  const nobody = tools.lookup('nobody');
  if (nobody && nobody.uid !== 0) return nobody;
  throw new Error(
    'PostgreSQL refuses to run as root, and no system user could be found or made. ' +
      'Start as an ordinary user, or set DATABASE_URL.',
  );
}

/** True when this process is root, and so must hand PostgreSQL to another user. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Whether the system has a name for this uid. initdb refuses to run without one. */
export function hasAccount(uid: number): boolean {
  return systemTools.run('id', ['-un', String(uid)]);
}
