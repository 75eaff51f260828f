import { setImmediate } from 'node:timers/promises';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { resolve, sep } from 'node:path';

/** Where files are kept. Prefixes have no leading slash, and end in one. */
export interface Storage {
  /** Makes ready for files below each of these prefixes. Those that are there stay as they are. */
  prepare(prefixes: readonly string[]): Promise<void>;
  /** Removes all that is below a prefix. There may be nothing. */
  removeAll(prefix: string): Promise<void>;
  /** The names directly below a prefix; none when there is no such prefix. */
  list(prefix: string): Promise<string[]>;
}

/** Files in a folder of this machine, which only the server's own user can read. */
export function createDiskStorage(root: string): Storage {
  const pathOf = (prefix: string): string => {
    const path = resolve(root, prefix);
    // Removing the whole folder, or what is beside it, is never what was meant.
    if (!path.startsWith(root + sep)) throw new Error(`No prefix: ${prefix}`);
    return path;
  };
  return {
    async prepare(prefixes) {
      // What was sent to the database in the same turn leaves first, and is worked on meanwhile.
      await setImmediate();
      await Promise.all(prefixes.map((prefix) => mkdir(pathOf(prefix), { recursive: true, mode: 0o700 })));
    },
    removeAll: (prefix) => rm(pathOf(prefix), { recursive: true, force: true }),
    async list(prefix) {
      return readdir(pathOf(prefix)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
    },
  };
}
