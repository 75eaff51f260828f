import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** Room that a test server may need, in bytes. */
const ROOM = 4 * 1024 ** 3;
const MEMORY = '/dev/shm';

/** Memory where there is plenty (creating a database is then 5 times as fast), else the temporary folder. */
function parent(): string {
  try {
    const { bavail, bsize } = fs.statfsSync(MEMORY);
    fs.accessSync(MEMORY, fs.constants.W_OK);
    if (bavail * bsize >= ROOM) return MEMORY;
  } catch {
    // No such file system here.
  }
  return fs.realpathSync(os.tmpdir());
}

/** A new folder whose name tells which process made it. */
export function throwawayFolder(prefix: string): string {
  const folder = fs.mkdtempSync(path.join(parent(), `${prefix}${process.pid}-`));
  // mkdtemp gives 0700, which PostgreSQL's user could not enter when we are root.
  fs.chmodSync(folder, 0o711);
  return folder;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Folders of this user whose maker was killed before it could remove them. */
export function abandonedFolders(prefix: string): string[] {
  const places = [MEMORY, fs.realpathSync(os.tmpdir())].filter((place) => fs.existsSync(place));
  return places.flatMap((place) =>
    fs
      .readdirSync(place)
      .filter((name) => name.startsWith(prefix))
      .filter((name) => !isRunning(Number.parseInt(name.slice(prefix.length), 10)))
      .map((name) => path.join(place, name))
      .filter((folder) => fs.statSync(folder).uid === process.getuid?.()),
  );
}
