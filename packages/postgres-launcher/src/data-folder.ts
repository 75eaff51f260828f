import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { LaunchError } from './launch-error.ts';
import { chooseSystemUser, hasAccount, isRoot, type SystemUser } from './system-user.ts';

/** Where root keeps what PostgreSQL's user must reach when the requested folder is closed to it. */
export const SHARED_HOME = '/var/lib/preau';

/** What one data folder remembers; kept in `launcher.json`, readable by its owner alone. */
export interface FolderState {
  superuserPassword: string;
  applicationPassword: string;
  /** Port of the last start, taken again so that bookmarks and consoles keep working. */
  port?: number;
  /** Role and database exist: set last, so that a kill in between is made good next time. */
  prepared: boolean;
  /** Cluster outside the folder, with the folder it was made for. */
  elsewhere?: { cluster: string; madeFor: string };
}

/** A data folder, opened. */
export interface DataFolder {
  /** Real path of the folder asked for. */
  home: string;
  /** PostgreSQL's own data directory; may not exist yet. */
  cluster: string;
  /** User that must run the server; undefined = ourselves. */
  user?: SystemUser;
  /** Folder for a copy of the programs, if one is needed. */
  copies: string;
  state: FolderState;
  /** False when launcher.json was missing or is new. */
  remembered: boolean;
}

const stateFile = (home: string): string => path.join(home, 'launcher.json');

/** Root working in somebody's folder must not leave files there that its owner cannot use later. */
export function giveToOwner(file: string, home: string): void {
  if (!isRoot()) return;
  const { uid, gid } = fs.statSync(home);
  fs.chownSync(file, uid, gid);
}

/** Creates the folder if need be. Throws a LaunchError when it cannot be written. */
export function openHome(dataDir: string): string {
  try {
    // 0711: PostgreSQL's user must be able to pass through; every file inside is 0600 or 0700.
    fs.mkdirSync(dataDir, { recursive: true, mode: 0o711 });
    fs.accessSync(dataDir, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
  } catch (cause) {
    throw new LaunchError(
      `The data folder ${dataDir} cannot be used by this user (${(cause as Error).message}).`,
      { cause },
    );
  }
  return fs.realpathSync(dataDir);
}

function readState(home: string): FolderState | undefined {
  try {
    return JSON.parse(fs.readFileSync(stateFile(home), 'utf8')) as FolderState;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new LaunchError(`${stateFile(home)} cannot be read (${(error as Error).message}).`, {
      cause: error,
    });
  }
}

/** Replaces launcher.json whole: a kill leaves the old or the new, never half. */
export function saveState(folder: DataFolder): void {
  const draft = `${stateFile(folder.home)}.new`;
  fs.writeFileSync(draft, `${JSON.stringify(folder.state, null, 2)}\n`, { mode: 0o600, flush: true });
  giveToOwner(draft, folder.home);
  fs.renameSync(draft, stateFile(folder.home));
}

/** Whether `user` can enter `dir`. Asked of the system: mode bits alone miss ACLs and mounts. */
export function canEnter(user: SystemUser, dir: string): boolean {
  return (
    spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', dir], { ...user, cwd: '/', stdio: 'ignore' }).status === 0
  );
}

/** Creates a folder that every user can pass through, whatever the umask. */
export function makeOpenFolder(folder: string): void {
  if (fs.existsSync(folder)) return;
  fs.mkdirSync(folder, { recursive: true });
  fs.chmodSync(folder, 0o755);
}

/** Folder under SHARED_HOME that stands in for `home`; the same for the same path. */
export function standIn(home: string): string {
  return path.join(SHARED_HOME, createHash('sha256').update(home).digest('hex').slice(0, 16));
}

function secret(): string {
  return randomBytes(24).toString('base64url');
}

/** Decides where the cluster of `home` is and who runs it. Call it under the folder's lock. */
export function openDataFolder(home: string): DataFolder {
  const found = readState(home);
  const state = found ?? { superuserPassword: secret(), applicationPassword: secret(), prepared: false };
  const local = path.join(home, 'cluster');
  const base = { home, state, remembered: found !== undefined };
  if (!isRoot()) {
    if (state.elsewhere) {
      throw new LaunchError(
        `The database of ${home} was made by root and is in ${state.elsewhere.cluster}. ` +
          `Start as root, or delete ${stateFile(home)} to begin with an empty one.`,
      );
    }
    return { ...base, cluster: local, copies: home };
  }
  const cluster = state.elsewhere?.cluster ?? local;
  const owner = fs.existsSync(cluster) ? fs.statSync(cluster) : undefined;
  const user = owner?.uid
    ? { uid: owner.uid, gid: owner.gid }
    : (accountOf(fs.statSync(home)) ?? chooseSystemUser());
  const folder: DataFolder = { ...base, cluster, user, copies: SHARED_HOME };
  if (state.elsewhere) {
    refuseCopy(home, state.elsewhere);
    return folder;
  }
  if (canEnter(user, home)) return folder;
  if (owner) {
    throw new LaunchError(
      `The database in ${cluster} belongs to user ${user.uid}, who cannot enter ${home}. Open the folders above it (chmod o+x).`,
    );
  }
  folder.cluster = path.join(standIn(home), 'cluster');
  state.elsewhere = { cluster: folder.cluster, madeFor: home };
  return folder;
}

/** The ordinary user a file belongs to: root working in somebody's folder runs their server as them. */
function accountOf(file: fs.Stats): SystemUser | undefined {
  return file.uid !== 0 && hasAccount(file.uid) ? { uid: file.uid, gid: file.gid } : undefined;
}

/** Two folders on one cluster would each think the data their own; a folder that moved may go on. */
function refuseCopy(home: string, { cluster, madeFor }: { cluster: string; madeFor: string }): void {
  if (madeFor === home || !fs.existsSync(stateFile(madeFor))) return;
  throw new LaunchError(
    `${home} is a copy of ${madeFor}, whose database is in ${cluster}. ` +
      `Delete ${stateFile(home)} to begin with an empty database here.`,
  );
}
