import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hold } from '../test/holder.ts';
import { canEnter, SHARED_HOME, standIn } from './data-folder.ts';
import { launchPostgres, removePostgresData, withClient } from './index.ts';
import { isRoot, type SystemUser } from './system-user.ts';

// These states exist for root alone; an ordinary user's run covers the other side in launch.e2e.test.ts.
describe.runIf(isRoot())('as root', () => {
  let closed: string;
  let home: string;

  beforeEach(() => {
    closed = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'preau-root-'));
    fs.chmodSync(closed, 0o700);
    home = path.join(closed, 'project', '.preau');
  });

  afterEach(async () => {
    await removePostgresData(home);
    fs.rmSync(closed, { recursive: true });
    fs.rmSync(`${standIn(home)}.old`, { recursive: true, force: true });
  });

  it('runs the server as another user, in a folder outside a closed home, and leaves a note', async () => {
    const server = await launchPostgres({ dataDir: home, durable: false });
    expect(server.dataDir).toBe(path.join(standIn(home), 'cluster'));
    expect(fs.statSync(server.dataDir).uid).not.toBe(0);
    const uids = /^Uid:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${server.pid}/status`, 'utf8'));
    expect(uids?.[1]).toBe(String(fs.statSync(server.dataDir).uid));
    expect(fs.readFileSync(path.join(home, 'README.txt'), 'utf8')).toContain(standIn(home));
    expect(fs.statSync(path.join(home, 'launcher.json'))).toMatchObject({ uid: 0 });
    await server.stop();
    const again = await launchPostgres({ dataDir: home, durable: false });
    expect(again.dataDir).toBe(server.dataDir);
    await again.stop();
    await removePostgresData(home);
    expect(fs.existsSync(standIn(home))).toBe(false);
  });

  it('begins anew when the folder was deleted, keeping the old data aside', async () => {
    const first = await launchPostgres({ dataDir: home, durable: false });
    await withClient(first.url, (client) => client.query('CREATE TABLE public.kept (n int)'));
    fs.rmSync(home, { recursive: true });
    const second = await launchPostgres({ dataDir: home, durable: false });
    expect(second.adopted).toBe(false);
    const tables = await withClient(second.url, (client) =>
      client.query(`SELECT to_regclass('public.kept') AS t`),
    );
    expect(tables.rows).toEqual([{ t: null }]);
    expect(fs.existsSync(`${standIn(home)}.old/cluster/PG_VERSION`)).toBe(true);
    await second.stop();
  });

  it('refuses a copy of a folder whose database is elsewhere', async () => {
    const server = await launchPostgres({ dataDir: home, durable: false });
    await server.stop();
    const copy = path.join(closed, 'copy');
    fs.cpSync(home, copy, { recursive: true });
    await expect(launchPostgres({ dataDir: copy })).rejects.toThrow(/is a copy of .*Delete .*launcher\.json/);
  });

  it('lets an ordinary user launch, and then root join on that user’s server', async () => {
    const nobody: SystemUser = { uid: 65534, gid: 65534 };
    fs.chmodSync(closed, 0o755);
    home = path.join(closed, 'of-nobody');
    fs.mkdirSync(home);
    fs.chownSync(home, nobody.uid, nobody.gid);
    // A repository below root's own home is closed to them whatever we do.
    expect(canEnter(nobody, import.meta.dirname), 'this test needs a repository that others can read').toBe(
      true,
    );
    const holder = hold(home, { user: nobody });
    const theirs = await holder.ready;
    expect(fs.statSync(theirs.dataDir).uid).toBe(nobody.uid);
    const joined = await launchPostgres({ dataDir: home });
    expect(joined).toMatchObject({ adopted: true, pid: theirs.pid });
    await holder.leave();
    await joined.stop();
    for (const name of fs.readdirSync(home)) {
      expect(fs.statSync(path.join(home, name)).uid, name).toBe(nobody.uid);
    }
  });

  it('runs the server of somebody’s folder as them, and they can go on without root', async () => {
    const nobody: SystemUser = { uid: 65534, gid: 65534 };
    fs.chmodSync(closed, 0o755);
    home = path.join(closed, 'of-nobody');
    fs.mkdirSync(home, { mode: 0o700 });
    fs.chownSync(home, nobody.uid, nobody.gid);
    const server = await launchPostgres({ dataDir: home, durable: false });
    expect(fs.statSync(server.dataDir).uid).toBe(nobody.uid);
    await server.stop();
    const holder = hold(home, { user: nobody });
    expect((await holder.ready).port).toBe(server.port);
    await holder.leave();
  });

  it('does not let an ordinary user begin an empty database beside the one root keeps elsewhere', async () => {
    await (await launchPostgres({ dataDir: home, durable: false })).stop();
    fs.chmodSync(closed, 0o755);
    fs.chmodSync(path.dirname(home), 0o755);
    for (const name of ['.', ...fs.readdirSync(home)]) fs.lchownSync(path.join(home, name), 65534, 65534);
    const holder = hold(home, { user: { uid: 65534, gid: 65534 } });
    await expect(holder.ready).rejects.toThrow(/made by root and is in/);
  });

  it('tells an ordinary user whose folder it is', async () => {
    fs.chmodSync(closed, 0o755);
    await (await launchPostgres({ dataDir: home, durable: false })).stop();
    const holder = hold(home, { user: { uid: 65534, gid: 65534 } });
    await expect(holder.ready).rejects.toThrow(/cannot be used by this user/);
  });

  it('works under a umask that closes everything it makes', async () => {
    const before = process.umask(0o077);
    try {
      const server = await launchPostgres({ dataDir: home, durable: false });
      await server.stop();
      expect(fs.statSync(SHARED_HOME).mode & 0o755).toBe(0o755);
    } finally {
      process.umask(before);
    }
  });
});
