import { launchPostgres, removePostgresData } from '@preau/postgres-launcher';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Endings } from '../bench/endings.ts';

/** A PostgreSQL of its own, in a new folder; `endings` stops and removes it. */
export async function throwawayDatabase(endings: Endings): Promise<{ url: string; adminUrl: string }> {
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'preau-fuzz-'));
  // PostgreSQL's user has to pass through it when we are root.
  fs.chmodSync(folder, 0o711);
  endings.add(() => fs.rmSync(folder, { recursive: true, force: true }));
  const dataDir = path.join(folder, 'postgres');
  endings.add(() => removePostgresData(dataDir));
  const postgres = await launchPostgres({ dataDir, durable: false });
  endings.add(() => postgres.stop());
  const adminUrl = new URL(postgres.adminUrl);
  adminUrl.pathname = new URL(postgres.url).pathname;
  return { url: postgres.url, adminUrl: adminUrl.href };
}
