import { randomUUID } from 'node:crypto';
import { constants, createReadStream, createWriteStream, open as openByNumber } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { checkedKey, checkedPrefix, NotStored, type Storage } from './storage.ts';

/** Files on their way in. Beside the others, since only within a volume does a file get its name in one go. */
const INCOMING = '.incoming';
/** As much as a reader or writer holds: larger pieces make fewer turns, and cost memory for each file under way. */
const PIECE = 256 * 1024;

const openFile = promisify(openByNumber);
const code = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

async function unless<T, R>(absent: R, work: Promise<T>): Promise<T | R> {
  return work.catch((error: unknown) => {
    if (code(error) === 'ENOENT') return absent;
    throw error;
  });
}

async function syncNow(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** A name is on the disk once its folder is, not before. Those who ask while the folder is being written share the next time. */
function createFolderSync(): (path: string) => Promise<void> {
  const turns = new Map<string, { running: Promise<void>; next: Promise<void> | null }>();
  return async function sync(path): Promise<void> {
    const turn = turns.get(path);
    if (turn) return (turn.next ??= turn.running.catch(() => {}).then(() => sync(path)));
    const running = syncNow(path).finally(() => turns.delete(path));
    turns.set(path, { running, next: null });
    return running;
  };
}

/** Files in a folder of this machine, which only the server's own user can read. */
export function createDiskStorage(root: string): Storage {
  const incoming = join(root, INCOMING);
  const syncFolder = createFolderSync();
  const pathOf = (key: string): string => resolve(root, checkedKey(key));
  const folderOf = (prefix: string): string => resolve(root, checkedPrefix(prefix));
  const makeFolder = (path: string) => mkdir(path, { recursive: true, mode: 0o700 });

  /** Makes a file under a name of its own, puts it on the disk, then gives it its key. */
  async function place(key: string, fill: (draft: string) => Promise<void>): Promise<void> {
    const path = pathOf(key);
    await Promise.all([makeFolder(incoming), makeFolder(dirname(path))]);
    const draft = join(incoming, randomUUID());
    try {
      await fill(draft);
      await rename(draft, path);
      await syncFolder(dirname(path));
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  async function* below(folder: string, prefix: string): AsyncGenerator<{ key: string; bytes: number }> {
    const entries = await unless([], readdir(folder, { withFileTypes: true }));
    // As keys are compared: with the slash that follows a folder's name.
    const named = entries.map((entry) => ({
      entry,
      name: entry.isDirectory() ? `${entry.name}/` : entry.name,
    }));
    for (const { entry, name } of named.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.isDirectory()) yield* below(join(folder, entry.name), prefix + name);
      else {
        const found = await unless(null, stat(join(folder, entry.name)));
        if (found) yield { key: prefix + name, bytes: found.size };
      }
    }
  }

  return {
    async prepare(prefixes) {
      // What was sent to the database in the same turn leaves first, and is worked on meanwhile.
      await setImmediate();
      await Promise.all(prefixes.map((prefix) => makeFolder(folderOf(prefix))));
    },
    removeAll: (prefix) => rm(folderOf(prefix), { recursive: true, force: true }),
    async list(prefix) {
      return unless([], readdir(folderOf(prefix)));
    },

    async write(key, source, { signal } = {}) {
      let bytes = 0;
      await place(key, async (draft) => {
        const file = createWriteStream(draft, {
          flags: 'wx',
          mode: 0o600,
          flush: true,
          highWaterMark: PIECE,
        });
        await pipeline(source, file, signal ? { signal } : {}).catch((error: unknown) => {
          throw signal?.aborted ? signal.reason : error;
        });
        bytes = file.bytesWritten;
      });
      return { bytes };
    },

    async read(key, range = {}) {
      const path = pathOf(key);
      // By its number: what reads through a handle makes promises of every piece.
      const fd = await openFile(path, 'r').catch((error: unknown) => {
        throw code(error) === 'ENOENT' ? new NotStored(key) : error;
      });
      return createReadStream(path, { ...range, fd, highWaterMark: PIECE });
    },

    async stat(key) {
      const found = await unless(undefined, stat(pathOf(key)));
      return found?.isFile() ? { bytes: found.size, modifiedAt: found.mtime } : undefined;
    },

    remove: (key) => rm(pathOf(key), { force: true }),

    copy: (from, to) =>
      place(to, async (draft) => {
        await copyFile(pathOf(from), draft, constants.COPYFILE_FICLONE).catch((error: unknown) => {
          throw code(error) === 'ENOENT' ? new NotStored(from) : error;
        });
        const handle = await open(draft, 'r+');
        try {
          await handle.sync();
        } finally {
          await handle.close();
        }
      }),

    keys: (prefix) => below(folderOf(prefix), prefix),

    async removeUnfinished(since) {
      let removed = 0;
      for (const name of await unless([], readdir(incoming))) {
        const draft = join(incoming, name);
        const found = await unless(null, stat(draft));
        if (!found || found.mtime >= since) continue;
        await rm(draft, { force: true });
        removed += 1;
      }
      return { removed };
    },
  };
}
