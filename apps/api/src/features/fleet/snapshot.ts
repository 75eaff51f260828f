import { formatSnapshot, type Migrator } from '@preau/tenancy';
import { readFile, writeFile } from 'node:fs/promises';
import { SNAPSHOT_FILE } from '../../database/database.ts';

export interface KeptSnapshot {
  file: string;
  version: string;
  /** Whether the file was not what the ladder makes. */
  changed: boolean;
}

/**
 * Makes the snapshot of the ladder of schools and writes it beside the migrations. With `check` nothing is written, and a
 * file that is another one is an error.
 */
export async function keepSnapshot(
  migrator: Migrator,
  { check = false, file = SNAPSHOT_FILE }: { check?: boolean; file?: string } = {},
): Promise<KeptSnapshot> {
  // A school's tables may use what the platform has: its ladder comes first.
  const { error } = await migrator.migratePublic();
  if (error) throw new Error(error);
  const snapshot = await migrator.recordSnapshot();
  const text = formatSnapshot(snapshot);
  const before = await readFile(file, 'utf8').catch((reason: NodeJS.ErrnoException) => {
    if (reason.code === 'ENOENT') return null;
    throw reason;
  });
  const changed = before !== text;
  if (changed && check)
    throw new Error(`${file} is not what the ladder makes: run \`preau fleet snapshot\` and keep the result`);
  if (changed) await writeFile(file, text);
  return { file, version: snapshot.version, changed };
}
