import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { giveToOwner } from './data-folder.ts';
import { isAlive, startMark } from './process-identity.ts';

/** One entry in the list of those who use a data folder's server. */
export interface Registration {
  leave(): void;
}

const folderOf = (home: string): string => path.join(home, 'users');

/** Notes that this process uses the server. Call it, and everything below, under the folder's lock. */
export function register(home: string): Registration {
  const folder = folderOf(home);
  if (!fs.existsSync(folder)) {
    fs.mkdirSync(folder, { mode: 0o700 });
    giveToOwner(folder, home);
  }
  const file = path.join(folder, `${process.pid}-${randomBytes(4).toString('hex')}`);
  fs.writeFileSync(file, startMark(process.pid) ?? '', { mode: 0o600 });
  giveToOwner(file, home);
  return { leave: () => fs.rmSync(file, { force: true }) };
}

/** How many live registrations there are; those of dead processes are swept. */
export function countUsers(home: string): number {
  const folder = folderOf(home);
  if (!fs.existsSync(folder)) return 0;
  let living = 0;
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name);
    const pid = Number.parseInt(name, 10);
    // Without the start mark, a pid taken over by another program would keep the server up for ever.
    if (isAlive(pid) && (startMark(pid) ?? '') === fs.readFileSync(file, 'utf8')) living += 1;
    else fs.rmSync(file, { force: true });
  }
  return living;
}
