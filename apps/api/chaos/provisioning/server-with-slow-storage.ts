import { existsSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.ts';
import type { Storage } from '../../src/platform/storage/storage.ts';
import { openStorage } from '../../src/platform/storage/storage-place.ts';
import { serve } from '../../src/server.ts';

/** The product with a storage that stops for ever when it has been asked to make folders, while a file says so. */

const { dataDir, storage: place } = loadConfig();
const disk = openStorage(place);
const hold = join(dataDir, 'hold-storage');

const storage: Storage = {
  ...disk,
  async prepare(prefixes) {
    // One of the folders is there already when it is killed.
    await disk.prepare(prefixes.slice(0, 1));
    if (existsSync(hold)) {
      writeFileSync(join(dataDir, 'holding'), '');
      await new Promise<void>((resolve) => {
        watch(dataDir, () => {
          if (!existsSync(hold)) resolve();
        });
      });
    }
    await disk.prepare(prefixes);
  },
};

await serve({ storage });
