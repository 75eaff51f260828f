import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { type Binaries, whyNotRunnable } from './binaries.ts';
import { childEnvironment } from './child-environment.ts';
import { type DataFolder, makeOpenFolder, SHARED_HOME, standIn } from './data-folder.ts';
import { LaunchError } from './launch-error.ts';
import { stopPostmaster, waitUntil } from './postmaster.ts';
import { isAlive, programOf } from './process-identity.ts';

/** Name of the superuser inside PostgreSQL; only the launcher and operators use it. */
export const SUPERUSER = 'postgres';

interface ProgramOptions {
  user?: { uid: number; gid: number };
  input?: string;
  /** File that holds the process id while it runs, so that the next start can end it if we are killed. */
  pidFile?: string;
}

/** Runs a program of PostgreSQL to its end; answers exit code and everything it printed. */
export function runProgram(
  program: string,
  args: string[],
  { user, input, pidFile }: ProgramOptions = {},
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    // In a process group of its own, to be ended as a whole: initdb starts servers of its own.
    const options = { cwd: '/', env: childEnvironment(), detached: true, windowsHide: true };
    const child = spawn(program, args, { ...user, ...options });
    if (pidFile) fs.writeFileSync(pidFile, String(child.pid));
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output: output.trim() }));
    // A program that dies at once closes its input: its exit says more than the broken pipe.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** Removes what an initdb left whose launcher was killed, after ending it: it runs on without a parent. */
async function sweepDrafts(cluster: string): Promise<void> {
  const parent = path.dirname(cluster);
  const drafts = fs.readdirSync(parent).filter((name) => name.startsWith(`${path.basename(cluster)}.new-`));
  for (const name of drafts.filter((draft) => draft.endsWith('.pid'))) {
    const pid = Number(fs.readFileSync(path.join(parent, name), 'utf8'));
    if (!pid || !isAlive(pid) || !path.basename(programOf(pid) ?? '').startsWith('initdb')) continue;
    // Not SIGKILL: the server inside would leave its shared memory behind.
    process.kill(-pid, 'SIGTERM');
    await waitUntil(() => !isAlive(pid), 10_000, `initdb (process ${pid}) does not end.`);
  }
  for (const name of drafts) {
    fs.rmSync(path.join(parent, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 20 });
  }
}

/**
 * A stand-in folder whose data folder was deleted: its passwords are gone with it, and whoever deleted
 * the folder wants to begin anew. The last one is kept aside all the same.
 */
async function putAsideOrphan(folder: DataFolder): Promise<void> {
  const place = standIn(folder.home);
  if (!fs.existsSync(place)) return;
  await stopPostmaster(folder.cluster);
  fs.rmSync(`${place}.old`, { recursive: true, force: true });
  fs.renameSync(place, `${place}.old`);
}

/**
 * Makes the cluster of a data folder: initdb into a sibling, then one rename, so that whatever is
 * killed there is a whole cluster or none. Rejects with a LaunchError that quotes initdb.
 */
export async function createCluster(folder: DataFolder, binaries: Binaries, durable: boolean): Promise<void> {
  const { cluster, user, home, state } = folder;
  if (path.dirname(cluster) !== home) {
    await putAsideOrphan(folder);
    makeOpenFolder(SHARED_HOME);
    makeOpenFolder(path.dirname(cluster));
    fs.writeFileSync(
      path.join(home, 'README.txt'),
      `The database of this folder is in ${path.dirname(cluster)}: the system user that runs PostgreSQL cannot enter ${home}.\n`,
    );
  }
  await sweepDrafts(cluster);
  const draft = `${cluster}.new-${randomBytes(6).toString('hex')}`;
  const passwordFile = `${draft}.pw`;
  const pidFile = `${draft}.pid`;
  fs.mkdirSync(draft, { mode: 0o700 });
  fs.writeFileSync(passwordFile, state.superuserPassword, { mode: 0o600 });
  if (user) for (const file of [draft, passwordFile]) fs.chownSync(file, user.uid, user.gid);
  const args = [
    `--pgdata=${draft}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=icu',
    '--icu-locale=fr-FR',
    `--locale=${childEnvironment().LC_ALL}`,
    ...(durable ? [] : ['--no-sync']),
  ];
  try {
    const { code, output } = await runProgram(binaries.initdb, args, { user, pidFile });
    if (code !== 0) {
      const full = /No space left on device/i.test(output);
      throw new LaunchError(
        full ? `There is no space left for ${cluster}.` : 'The database files could not be made.',
        {
          log: output,
        },
      );
    }
    fs.renameSync(draft, cluster);
  } catch (error) {
    const reason = whyNotRunnable(binaries, user);
    if (!reason) throw error;
    throw new LaunchError(`PostgreSQL does not run on this system: ${reason}.`, {
      cause: error,
      hint: 'database-url',
    });
  } finally {
    fs.rmSync(passwordFile, { force: true });
    fs.rmSync(pidFile, { force: true });
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

/** Throws a LaunchError when the cluster was made by another major version than these programs. */
export function refuseOtherVersion(cluster: string, binaries: Binaries): void {
  const made = fs.readFileSync(path.join(cluster, 'PG_VERSION'), 'utf8').trim();
  const ours = binaries.version.split('.')[0];
  if (made === ours) return;
  throw new LaunchError(
    `The database in ${cluster} was made by PostgreSQL ${made}; this is PostgreSQL ${ours}. ` +
      'Export it with the version that made it, or use another data folder.',
  );
}
