import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hold } from '../test/holder.ts';
import { launchPostgres, removePostgresData, type RunningPostgres, withClient } from './index.ts';
import { isAlive } from './process-identity.ts';
import { waitUntil } from './postmaster.ts';

let dataDir: string;
const started: RunningPostgres[] = [];

async function launch(options: { port?: number; durable?: boolean } = {}): Promise<RunningPostgres> {
  const server = await launchPostgres({ dataDir, durable: false, ...options });
  started.push(server);
  return server;
}

async function query<T>(url: string, sql: string): Promise<T[]> {
  return withClient(url, async (client) => (await client.query(sql)).rows as T[]);
}

/** In memory where there is room: these tests make and copy clusters, not measure disks. */
function place(): string {
  if (!fs.existsSync('/dev/shm')) return fs.realpathSync(os.tmpdir());
  const memory = fs.statfsSync('/dev/shm');
  return memory.bavail * memory.bsize > 2 ** 30 ? '/dev/shm' : fs.realpathSync(os.tmpdir());
}

function newFolder(): string {
  const folder = fs.mkdtempSync(path.join(place(), 'preau launcher é-'));
  fs.chmodSync(folder, 0o711);
  return folder;
}

/** A stopped data folder, made once: copying it is ten times as fast as making it. */
let pattern: string;

function startFromPattern(): void {
  execFileSync('cp', ['-a', `${pattern}/.`, dataDir]);
}

beforeAll(async () => {
  pattern = newFolder();
  await (await launchPostgres({ dataDir: pattern, durable: false })).stop();
});

afterAll(() => removePostgresData(pattern));

beforeEach(() => {
  dataDir = newFolder();
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
  await removePostgresData(dataDir);
});

describe('a new data folder', () => {
  it('gives the application an ordinary role that owns its database and no more', async () => {
    const server = await launch();
    expect(server.adopted).toBe(false);
    const [role] = await query(
      server.url,
      `SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolbypassrls, rolcanlogin,
              pg_get_userbyid(datdba) AS owner, datlocale, pg_encoding_to_char(encoding) AS encoding
       FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()`,
    );
    expect(role).toEqual({
      rolname: 'preau',
      rolsuper: false,
      rolinherit: false,
      rolcreaterole: true,
      rolcreatedb: false,
      rolbypassrls: false,
      rolcanlogin: true,
      owner: 'preau',
      datlocale: 'fr-FR',
      encoding: 'UTF8',
    });
    await query(server.url, 'CREATE SCHEMA t_x; CREATE TABLE public.x (id int); CREATE ROLE someone NOLOGIN');
  });

  it('keeps extensions in their own schema, open to all, and closes public', async () => {
    startFromPattern();
    const server = await launch();
    const extensions = await query<{ extname: string }>(
      server.url,
      `SELECT extname FROM pg_extension WHERE extnamespace = 'extensions'::regnamespace ORDER BY 1`,
    );
    expect(extensions.map((row) => row.extname)).toEqual([
      'btree_gist',
      'citext',
      'pg_trgm',
      'pgcrypto',
      'unaccent',
    ]);
    const grants = await query(
      server.url,
      `SELECT has_schema_privilege('pg_monitor', 'extensions', 'USAGE') AS extensions,
              has_schema_privilege('pg_monitor', 'public', 'USAGE') AS public`,
    );
    expect(grants).toEqual([{ extensions: true, public: false }]);
  });

  it('listens on 127.0.0.1 alone, with the limits that schemas by the hundred need', async () => {
    startFromPattern();
    const server = await launch();
    const rows = await query(
      server.adminUrl,
      `SELECT current_setting('listen_addresses') AS listen, current_setting('unix_socket_directories') AS sockets,
              current_setting('max_connections') AS connections, current_setting('max_locks_per_transaction') AS locks,
              current_setting('shared_buffers') AS buffers`,
    );
    expect(rows).toEqual([
      { listen: '127.0.0.1', sockets: '', connections: '200', locks: '256', buffers: '128MB' },
    ]);
    const wrong = server.url.replace(/:[^:@]+@/, ':wrong@');
    await expect(query(wrong, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  });

  it('keeps its passwords from other users of the machine', async () => {
    const server = await launch();
    expect(fs.statSync(path.join(dataDir, 'launcher.json')).mode & 0o777).toBe(0o600);
    expect(fs.statSync(server.dataDir).mode & 0o777).toBe(0o700);
    expect(fs.readdirSync(dataDir).filter((name) => name.includes('.new-'))).toEqual([]);
  });

  it('is made whatever locale and PostgreSQL variables the terminal has', async () => {
    const holder = hold(dataDir, {
      env: { LC_ALL: 'fr_FR.ISO-8859-1', LANG: 'xx', PGDATA: '/nowhere', PGPORT: '1' },
    });
    expect((await holder.ready).adopted).toBe(false);
    await holder.leave();
  });
});

describe('sharing a folder', () => {
  beforeEach((context) => {
    if (!context.task.name.includes('empty folder')) startFromPattern();
  });

  it('starts again on the same port with the same data', async () => {
    const first = await launch();
    await query(first.url, 'CREATE TABLE public.kept AS SELECT 7 AS n');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const second = await launch();
    expect(second.port).toBe(first.port);
    expect(second.adopted).toBe(false);
    expect(await query(second.url, 'SELECT n FROM public.kept')).toEqual([{ n: 7 }]);
  });

  it('stops the server when the last user leaves, not before', async () => {
    const first = await launch();
    const second = await launch();
    expect(second).toMatchObject({ adopted: true, pid: first.pid, url: first.url });
    await first.stop();
    await first.stop();
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await second.stop();
    expect(isAlive(first.pid)).toBe(false);
  });

  it('gives one server to two processes that begin on an empty folder at once', async () => {
    const holders = [hold(dataDir), hold(dataDir)];
    const [a, b] = await Promise.all(holders.map((holder) => holder.ready));
    expect(a?.pid).toBe(b?.pid);
    expect([a, b].filter((server) => server?.adopted)).toHaveLength(1);
    await holders[0]?.leave();
    expect(isAlive(a?.pid ?? 0)).toBe(true);
    await holders[1]?.leave();
    expect(isAlive(a?.pid ?? 0)).toBe(false);
  });
});

describe('after kill -9', () => {
  it('of the parent, the server is adopted, and the dead parent does not keep it up', async () => {
    startFromPattern();
    const holder = hold(dataDir);
    const orphan = await holder.ready;
    await holder.kill();
    expect(isAlive(orphan.pid)).toBe(true);
    const server = await launch();
    expect(server).toMatchObject({ adopted: true, pid: orphan.pid });
    await server.stop();
    expect(isAlive(orphan.pid)).toBe(false);
  });

  it('of the server, with a connection still open, it recovers what was committed', async () => {
    startFromPattern();
    const first = await launch({ durable: true });
    await query(first.url, 'CREATE TABLE public.kept AS SELECT generate_series(1, 50000) AS n');
    const cut = withClient(first.url, (client) => client.query('SELECT pg_sleep(60)')).catch(String);
    const busy = `SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND state = 'active'`;
    while ((await query(first.adminUrl, busy)).length === 0);
    process.kill(first.pid, 'SIGKILL');
    const second = await launch({ durable: true });
    expect(second.adopted).toBe(false);
    expect(await query(second.url, 'SELECT count(*)::int AS n FROM public.kept')).toEqual([{ n: 50000 }]);
    expect(await cut).toMatch(/terminat|closed|ended/i);
  });

  it.each([20, 200, 450])(
    'of the parent %i ms into the first start, the next start makes it whole',
    async (ms) => {
      const holder = hold(dataDir);
      const draft = (): boolean => fs.readdirSync(dataDir).some((name) => name.includes('.new-'));
      await waitUntil(draft, 10_000, 'initdb did not begin');
      const killAt = performance.now() + ms;
      await waitUntil(() => performance.now() > killAt, 1000, 'unreachable');
      await holder.kill();
      const server = await launch();
      expect(await query(server.url, 'SELECT current_user AS role')).toEqual([{ role: 'preau' }]);
      expect(draft()).toBe(false);
    },
  );

  it('a pid file whose number belongs to another program now does not stand in the way', async () => {
    startFromPattern();
    const first = await launch();
    const file = path.join(first.dataDir, 'postmaster.pid');
    const kept = fs.readFileSync(file, 'utf8');
    await first.stop();
    fs.writeFileSync(file, kept.replace(/^\d+/, String(process.pid)));
    const second = await launch();
    expect(second.adopted).toBe(false);
  });
});

describe('trouble', () => {
  beforeEach(startFromPattern);

  it('says which port is taken', async () => {
    const squatter = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const { port } = squatter.address() as net.AddressInfo;
    await expect(launch({ port })).rejects.toThrow(`Port ${port} is taken by another program`);
    squatter.close();
    const server = await launch({ port });
    expect(server.port).toBe(port);
  });

  it('takes another port when the remembered one is gone', async () => {
    const first = await launch();
    await first.stop();
    const squatter = net.createServer().listen(first.port, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const second = await launch();
    expect(second.port).not.toBe(first.port);
    squatter.close();
  });

  it('refuses a cluster of another major version', async () => {
    const first = await launch();
    await first.stop();
    const file = path.join(first.dataDir, 'PG_VERSION');
    fs.writeFileSync(file, '15\n');
    await expect(launch()).rejects.toThrow(/made by PostgreSQL 15; this is PostgreSQL 18/);
    fs.writeFileSync(file, '18\n');
  });

  it('quotes the server when it does not start', async () => {
    const first = await launch();
    await first.stop();
    fs.appendFileSync(path.join(first.dataDir, 'postgresql.conf'), 'no_such_setting = 1\n');
    await expect(launch()).rejects.toThrow(/The server said:[^]*no_such_setting/);
  });

  it('gives new passwords to data whose launcher.json was lost', async () => {
    const first = await launch();
    await query(first.url, 'CREATE TABLE public.kept AS SELECT 7 AS n');
    await first.stop();
    fs.rmSync(path.join(dataDir, 'launcher.json'));
    const second = await launch();
    expect(second.url).not.toBe(first.url);
    expect(await query(second.url, 'SELECT n FROM public.kept')).toEqual([{ n: 7 }]);
  });

  it('follows a folder that was renamed while its server ran', async () => {
    const first = await launch();
    started.splice(0);
    const moved = `${dataDir} moved`;
    fs.renameSync(dataDir, moved);
    dataDir = moved;
    fs.rmSync(path.join(dataDir, 'users'), { recursive: true });
    const second = await launch();
    expect(second).toMatchObject({ adopted: true, pid: first.pid });
  });

  it('does not take the server of the folder it was copied from', async () => {
    const first = await launch();
    const copy = `${dataDir} copy`;
    execFileSync('cp', ['-a', dataDir, copy]);
    fs.rmSync(path.join(copy, 'users'), { recursive: true });
    const second = await launchPostgres({ dataDir: copy, durable: false });
    expect(second.pid).not.toBe(first.pid);
    await second.stop();
    await removePostgresData(copy);
  });
});
