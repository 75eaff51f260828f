import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Files of this machine that live as long as the work on an image: decoding needs to go back and forth in them. */
export interface Scratch {
  /** Runs work that may write to as many paths as it asks for; they are gone when it ends. */
  with<T>(work: (path: () => string) => Promise<T>): Promise<T>;
  /** Removes what a killed process has left. */
  clear(before: Date): Promise<void>;
}

export function createScratch(dataDir: string): Scratch {
  const folder = join(dataDir, 'scratch');
  return {
    async with(work) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const paths: string[] = [];
      try {
        return await work(() => {
          const path = join(folder, randomUUID());
          paths.push(path);
          return path;
        });
      } finally {
        await Promise.all(paths.map((path) => rm(path, { force: true })));
      }
    },
    async clear(before) {
      for (const name of await readdir(folder).catch(() => [])) {
        const path = join(folder, name);
        const found = await stat(path).catch(() => null);
        if (found && found.mtime < before) await rm(path, { force: true });
      }
    },
  };
}
