import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Knex } from 'knex';

export interface Migration {
  /** File name without its ending; sorts by time: `20261120_000001_tenants`. */
  name: string;
  up(trx: Knex.Transaction): Promise<unknown>;
  down(trx: Knex.Transaction): Promise<unknown>;
}

/** An ordered list of migrations and a digest of their sources. */
export interface Ladder {
  migrations: readonly Migration[];
  digest: string;
}

const NAME = /^\d{8}_\d{6}_[a-z0-9_]+$/;

/**
 * Reads the migration files of a folder in order of name.
 * @throws Error for a file whose name is not `YYYYMMDD_HHMMSS_words.ts`, or that lacks `up` or `down`.
 */
export async function loadLadder(folder: string): Promise<Ladder> {
  const files = (await readdir(folder))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .toSorted();
  const hash = createHash('sha256');
  const migrations: Migration[] = [];
  for (const file of files) {
    const name = file.slice(0, -3);
    if (!NAME.test(name)) throw new Error(`Migration ${file}: the name must be YYYYMMDD_HHMMSS_words.ts`);
    const path = join(folder, file);
    hash.update(name).update(await readFile(path));
    const { up, down } = (await import(pathToFileURL(path).href)) as Partial<Migration>;
    if (!up || !down) throw new Error(`Migration ${file}: both up and down are needed`);
    migrations.push({ name, up, down });
  }
  return { migrations, digest: hash.digest('hex') };
}

/**
 * The migrations above a version.
 * @throws Error when the version is not on the ladder: the schema was migrated by newer code.
 */
export function migrationsAfter(ladder: Ladder, version: string | null): readonly Migration[] {
  if (version === null) return ladder.migrations;
  const index = ladder.migrations.findIndex(({ name }) => name === version);
  if (index < 0)
    throw new Error(`Version ${version} is not on this ladder: the schema was migrated by newer code`);
  return ladder.migrations.slice(index + 1);
}

/** Name of the last migration, which is the version of a schema that is up to date; null for an empty ladder. */
export const ladderVersion = (ladder: Ladder): string | null => ladder.migrations.at(-1)?.name ?? null;
