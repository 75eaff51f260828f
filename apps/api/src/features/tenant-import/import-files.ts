import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { v7 as uuidv7 } from 'uuid';

export interface ImportFiles {
  /** Keeps what is sent. Answers its name here, which is not its sender's. Rejects with what the stream rejects with. */
  keep(content: AsyncIterable<Buffer>): Promise<string>;
  path(name: string): string;
  /** May be gone already. */
  remove(name: string): Promise<void>;
}

/** Files that wait to be imported, in the data folder: whichever process runs the job must see the same one. */
export function createImportFiles(dataDir: string): ImportFiles {
  const folder = join(dataDir, 'imports');
  const path = (name: string): string => {
    if (!/^[0-9a-f-]{36}\.csv$/.test(name)) throw new Error(`Not a kept file: ${name}`);
    return join(folder, name);
  };
  const remove = (name: string): Promise<void> => rm(path(name), { force: true });
  return {
    path,
    remove,
    async keep(content) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const name = `${uuidv7()}.csv`;
      try {
        await pipeline(content, createWriteStream(path(name), { mode: 0o600, flags: 'wx' }));
      } catch (error) {
        await remove(name);
        throw error;
      }
      return name;
    },
  };
}
