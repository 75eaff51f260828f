import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { APPLICATION, chooseSystemUser, isRoot, prepareDatabase, withClient } from '@preau/postgres-launcher';
import type { Endings } from '../endings.ts';
import { freePort } from '@preau/testkit/free-port';

const ROOT = '/usr/lib/postgresql';

export interface DebianPostgres {
  /** Folder of its programs. */
  bin: string;
  /** As the application's role. */
  url: string;
  adminUrl: string;
}

/** Where Debian keeps a server and its client tools of one version; null where there are none. */
function programs(): string | null {
  const versions = fs.existsSync(ROOT)
    ? fs
        .readdirSync(ROOT)
        .map(Number)
        .toSorted((a, b) => b - a)
    : [];
  const found = versions.map((version) => `${ROOT}/${version}/bin`);
  return (
    found.find((bin) =>
      ['initdb', 'postgres', 'pg_dump', 'pg_restore'].every((name) => fs.existsSync(`${bin}/${name}`)),
    ) ?? null
  );
}

/** A server of the same version as the tools, which refuse a newer one. Null on a machine that has none. */
export async function startDebianPostgres(endings: Endings): Promise<DebianPostgres | null> {
  const bin = programs();
  if (!bin) return null;
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'preau-bench-pg-'));
  endings.add(() => fs.rmSync(folder, { recursive: true, force: true }));
  const user = isRoot() ? chooseSystemUser() : null;
  const as = user ? { uid: user.uid, gid: user.gid } : {};
  fs.chmodSync(folder, 0o700);
  if (user) fs.chownSync(folder, user.uid, user.gid);
  const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', TMPDIR: '/tmp' };
  const data = path.join(folder, 'data');
  execFileSync(`${bin}/initdb`, ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'], {
    ...as,
    env,
    cwd: folder,
    stdio: 'ignore',
  });
  const port = await freePort();
  const child = spawn(
    `${bin}/postgres`,
    [
      '-D',
      data,
      '-p',
      String(port),
      '-k',
      folder,
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'max_wal_size=4GB',
    ],
    {
      ...as,
      env,
      cwd: folder,
      stdio: 'ignore',
    },
  );
  endings.add(async () => {
    if (child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGINT');
    await gone;
  });
  const admin = `postgres://postgres@127.0.0.1:${port}/postgres`;
  for (let tries = 0; ; tries += 1) {
    try {
      await withClient(admin, (client) => client.query('SELECT 1'));
      break;
    } catch (error) {
      if (tries > 200) throw error;
      await delay(50);
    }
  }
  await withClient(admin, async (client) => {
    await client.query(`CREATE ROLE ${APPLICATION} LOGIN CREATEROLE NOINHERIT`);
    await client.query(`CREATE DATABASE preau OWNER ${APPLICATION}`);
  });
  const adminUrl = admin.replace(/postgres$/, 'preau');
  await withClient(adminUrl, prepareDatabase);
  return { bin, adminUrl, url: adminUrl.replace('postgres@', `${APPLICATION}@`) };
}
