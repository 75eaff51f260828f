import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  APPLICATION,
  connectionString,
  ensureApplicationDatabase,
  withClient,
} from './application-database.ts';
import { type Binaries, prepareBinaries } from './binaries.ts';
import { type DataFolder, giveToOwner, openDataFolder, openHome, saveState } from './data-folder.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { countUsers, register } from './folder-users.ts';
import { LaunchError } from './launch-error.ts';
import { createCluster, refuseOtherVersion, runProgram, SUPERUSER } from './new-cluster.ts';
import {
  clearStalePidFile,
  findPostmaster,
  type Postmaster,
  stopPostmaster,
  waitUntil,
} from './postmaster.ts';
import { isAlive, workingDirectory } from './process-identity.ts';
import { freePort, isFree, startServer, StartFailure } from './server-process.ts';

export interface LaunchOptions {
  /** Folder for everything: files, passwords, log. Created if need be. */
  dataDir: string;
  /** TCP port on 127.0.0.1; default: the one of last time if still free, else any free one. */
  port?: number;
  /** False turns fsync off: for throwaway servers. Default true. */
  durable?: boolean;
  /** Receives one line for each thing worth telling. */
  log?: (line: string) => void;
}

export interface RunningPostgres {
  /** Database `preau` as the role `preau`. */
  url: string;
  /** Database `postgres` as the superuser. */
  adminUrl: string;
  port: number;
  /** PostgreSQL's own data directory, which root may have had to put elsewhere. */
  dataDir: string;
  /** True when the server was running already. */
  adopted: boolean;
  /** Process id of the server. */
  pid: number;
  /** Leaves the server; the last to leave stops it. May be called more than once. */
  stop(): Promise<void>;
}

/** Retries for what passes: a rival start, a port lost in between, remains of a killed server. */
const ATTEMPTS = 100;
const PATIENCE = 300_000;

async function lockHome(home: string): Promise<FolderLock> {
  const file = path.join(home, 'launcher.lock');
  const lock = await lockFolder(file, PATIENCE + 60_000);
  giveToOwner(file, home);
  return lock;
}

function superuserUrl(folder: DataFolder, port: number, database = 'postgres'): string {
  return connectionString(SUPERUSER, folder.state.superuserPassword, port, database);
}

/** Waits for a server that somebody else started, and proves that it is ours by logging in. */
async function adopt(folder: DataFolder, found: Postmaster): Promise<Postmaster | undefined> {
  const { pid } = found;
  let state: Postmaster | undefined = found;
  await waitUntil(
    () => {
      state = findPostmaster(folder.cluster);
      return !isAlive(pid) || !state || state.status === 'ready';
    },
    PATIENCE,
    `A server (process ${pid}) holds ${folder.cluster} and does not get ready.`,
  );
  if (!state || !isAlive(pid)) return undefined;
  const { port } = state;
  const directory = await withClient(superuserUrl(folder, port), async (client) => {
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return rows[0]?.data_directory;
  }).catch((cause: unknown) => {
    if (!isAlive(pid)) return undefined;
    throw new LaunchError(
      `A server (process ${pid}, port ${port}) holds ${folder.cluster} but cannot be used (${(cause as Error).message}).`,
      { cause },
    );
  });
  // After a rename of the folder the server still names the old one, but works in the new.
  if (directory === folder.cluster || workingDirectory(pid) === folder.cluster) return state;
  if (directory === undefined) return undefined;
  throw new LaunchError(`Port ${port} answers for ${directory}, not for ${folder.cluster}.`);
}

/** launcher.json was lost while the cluster was kept: single-user mode lets its owner set a new password. */
async function regainPassword(folder: DataFolder, binaries: Binaries): Promise<void> {
  await stopPostmaster(folder.cluster, binaries);
  const statement = `ALTER ROLE ${SUPERUSER} PASSWORD '${folder.state.superuserPassword}';\n`;
  const { code, output } = await runProgram(
    binaries.postgres,
    ['--single', '-D', folder.cluster, 'postgres'],
    { user: folder.user, input: statement },
  );
  if (code !== 0 || /ERROR|FATAL/.test(output)) {
    throw new LaunchError(`The passwords of ${folder.cluster} are lost and could not be set anew.`, {
      log: output,
    });
  }
}

async function ensureCluster(folder: DataFolder, binaries: Binaries, options: LaunchOptions): Promise<void> {
  const { cluster, state, remembered } = folder;
  const exists = fs.existsSync(path.join(cluster, 'PG_VERSION'));
  // Passwords lost with the whole folder: begin anew. Lost alone: the data is still in use.
  if (!exists || (!remembered && state.elsewhere)) {
    options.log?.(`Making a database in ${cluster}`);
    state.prepared = false;
    if (remembered) saveState(folder);
    await createCluster(folder, binaries, options.durable ?? true);
  } else if (!remembered) {
    await regainPassword(folder, binaries);
  }
  // Saved after: killed before this line, the next start sets the passwords anew.
  if (!remembered) saveState(folder);
  folder.remembered = true;
}

async function choosePort(folder: DataFolder, options: LaunchOptions): Promise<number> {
  if (options.port !== undefined) return options.port;
  const { port } = folder.state;
  return port !== undefined && (await isFree(port)) ? port : freePort();
}

async function findOrStart(
  folder: DataFolder,
  options: LaunchOptions,
): Promise<{ server: Postmaster; adopted: boolean }> {
  const durable = options.durable ?? true;
  let binaries: Binaries | undefined;
  for (let attempt = 1; ; attempt++) {
    const found = findPostmaster(folder.cluster);
    if (found && folder.remembered) {
      const server = await adopt(folder, found);
      if (server) return { server, adopted: true };
    }
    binaries ??= prepareBinaries(folder);
    await ensureCluster(folder, binaries, options);
    refuseOtherVersion(folder.cluster, binaries);
    clearStalePidFile(folder.cluster);
    try {
      const port = await choosePort(folder, options);
      return { server: await startServer({ folder, binaries, port, durable }), adopted: false };
    } catch (error) {
      const kind = error instanceof StartFailure ? error.kind : 'other';
      const passes = kind === 'held' || (kind === 'port' && options.port === undefined);
      if (!passes || attempt === ATTEMPTS) throw error;
      await delay(50);
    }
  }
}

/**
 * Gives a running PostgreSQL for a data folder: adopts the one that runs, else starts it, making the
 * database first if there is none. It listens on 127.0.0.1 only, with passwords of its own, and
 * survives its parent; processes that share a folder share the server.
 * Rejects with a LaunchError that says the reason.
 */
export async function launchPostgres(options: LaunchOptions): Promise<RunningPostgres> {
  const home = openHome(options.dataDir);
  const lock = await lockHome(home);
  try {
    const folder = openDataFolder(home);
    const { server, adopted } = await findOrStart(folder, options);
    const { state, cluster } = folder;
    const registration = register(home);
    try {
      if (!state.prepared) {
        await ensureApplicationDatabase(
          (database) => superuserUrl(folder, server.port, database),
          state.applicationPassword,
        );
      }
    } catch (error) {
      registration.leave();
      if (countUsers(home) === 0) await stopPostmaster(cluster);
      throw error;
    }
    if (!state.prepared || state.port !== server.port) {
      state.prepared = true;
      state.port = server.port;
      saveState(folder);
    }
    options.log?.(`PostgreSQL ${adopted ? 'was running' : 'runs'} on port ${server.port}`);
    let stopping: Promise<void> | undefined;
    const leave = async (): Promise<void> => {
      const closing = await lockHome(home);
      try {
        registration.leave();
        if (countUsers(home) === 0) await stopPostmaster(cluster, prepareBinaries(folder));
      } finally {
        closing.release();
      }
    };
    return {
      url: connectionString(APPLICATION, state.applicationPassword, server.port, APPLICATION),
      adminUrl: superuserUrl(folder, server.port),
      port: server.port,
      dataDir: cluster,
      adopted,
      pid: server.pid,
      stop: () => (stopping ??= leave()),
    };
  } finally {
    lock.release();
  }
}

/** Deletes a data folder and everything it stands for. Rejects while somebody uses its server. */
export async function removePostgresData(dataDir: string): Promise<void> {
  if (!fs.existsSync(dataDir)) return;
  const home = openHome(dataDir);
  const lock = await lockHome(home);
  try {
    if (countUsers(home) > 0) throw new LaunchError(`The server of ${home} is in use.`);
    const { cluster } = openDataFolder(home);
    await stopPostmaster(cluster);
    if (path.dirname(cluster) !== home) fs.rmSync(path.dirname(cluster), { recursive: true, force: true });
    fs.rmSync(home, { recursive: true, force: true });
  } finally {
    lock.release();
  }
}
