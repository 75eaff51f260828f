import { storagePrefix } from '@preau/tenancy';
import { STORED_FILES } from '../../database/stored-files.ts';

/** A file of a school, by its key below the school's own prefix. */
export interface SchoolFile {
  key: string;
  bytes: number;
}

/** Asks the tables of one school, as its role. */
export type AskSchool = <T>(sql: string, values?: readonly unknown[]) => Promise<T[]>;

/** Rows at a time: what is in memory of a list of files. */
const BATCH = 1_000;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const tablesOfFiles = (tables: readonly { name: string }[]) =>
  tables.flatMap(({ name }) => (STORED_FILES[name] ? [{ name, ...STORED_FILES[name] }] : []));

/** The files that the rows of a school speak of, table by table. Files are written once and never changed. */
export async function* filesOfRows(
  ask: AskSchool,
  tables: readonly { name: string }[],
  tenantId: string,
): AsyncGenerator<SchoolFile> {
  const prefix = storagePrefix({ id: tenantId });
  for (const { name, key, bytes } of tablesOfFiles(tables)) {
    for (let last = ''; ;) {
      const rows = await ask<{ key: string; bytes: string }>(
        `SELECT ${quoted(key)} AS key, ${quoted(bytes)} AS bytes FROM ${quoted(name)}
         WHERE ${quoted(key)} COLLATE "C" > ? ORDER BY ${quoted(key)} COLLATE "C" LIMIT ${BATCH}`,
        [last],
      );
      for (const row of rows)
        if (row.key.startsWith(prefix)) yield { key: row.key.slice(prefix.length), bytes: Number(row.bytes) };
      if (rows.length < BATCH) break;
      last = rows.at(-1)?.key ?? '';
    }
  }
}

/** What the files of a school take, by its rows. */
export async function bytesOfRows(ask: AskSchool, tables: readonly { name: string }[]): Promise<number> {
  let sum = 0;
  for (const { name, bytes } of tablesOfFiles(tables)) {
    const [row] = await ask<{ bytes: string }>(
      `SELECT coalesce(sum(${quoted(bytes)}), 0)::text AS bytes FROM ${quoted(name)}`,
    );
    sum += Number(row?.bytes ?? 0);
  }
  return sum;
}

/** Of some whole keys, those that no row speaks of. */
export async function unknownKeys(
  ask: AskSchool,
  tables: readonly { name: string }[],
  keys: readonly string[],
): Promise<string[]> {
  const left = new Set(keys);
  for (const { name, key } of tablesOfFiles(tables)) {
    const rows = await ask<{ key: string }>(
      `SELECT ${quoted(key)} AS key FROM ${quoted(name)} WHERE ${quoted(key)} = ANY(?::text[])`,
      [[...left]],
    );
    for (const row of rows) left.delete(row.key);
  }
  return [...left];
}

/** Has the rows speak of the files of another school: those of a copy are its own. */
export async function moveKeys(
  ask: AskSchool,
  tables: readonly { name: string }[],
  { from, to }: { from: string; to: string },
): Promise<void> {
  if (from === to) return;
  const old = storagePrefix({ id: from });
  for (const { name, key } of tablesOfFiles(tables))
    await ask(
      `UPDATE ${quoted(name)} SET ${quoted(key)} = ? || substr(${quoted(key)}, ?) WHERE starts_with(${quoted(key)}, ?)`,
      [storagePrefix({ id: to }), old.length + 1, old],
    );
}

/** Bytes that say nothing, in the place of a file. */
export function* nothing(bytes: number): Generator<Buffer> {
  const piece = Buffer.alloc(Math.min(bytes, 256 * 1024));
  for (let left = bytes; left > 0; left -= piece.length)
    yield left < piece.length ? piece.subarray(0, left) : piece;
}
