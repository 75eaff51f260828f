import { withClient } from '@preau/postgres-launcher';
import { describe, expect, it } from 'vitest';
import { findChromium, lookForChromium } from './chromium.ts';
import { freshDatabase } from './databases.ts';
import { startPgbouncer } from './pgbouncer.ts';
import { startRedis } from './redis.ts';

const rows = (url: string, sql: string): Promise<unknown[]> =>
  withClient(url, async (client) => (await client.query(sql)).rows);

describe('fresh databases', () => {
  it('belong to preau, have the extensions, and share nothing', async () => {
    const [a, b] = await Promise.all([freshDatabase(), freshDatabase()]);
    await rows(a.url, 'CREATE TABLE public.only_here (name extensions.citext)');
    expect(await rows(b.url, `SELECT to_regclass('public.only_here') AS t, current_user AS role`)).toEqual([
      { t: null, role: 'preau' },
    ]);
    const open = `SELECT has_schema_privilege('pg_monitor', 'public', 'USAGE') AS usable, datlocale
                  FROM pg_database WHERE datname = current_database()`;
    expect(await rows(b.adminUrl, open)).toEqual([{ usable: false, datlocale: 'fr-FR' }]);
    await Promise.all([a.drop(), b.drop()]);
    await expect(rows(a.url, 'SELECT 1')).rejects.toThrow(/does not exist/);
  });

  it('build their template once, however many ask at the same time', async () => {
    let builds = 0;
    const template = {
      name: 'counted',
      async build(url: string) {
        builds += 1;
        await rows(url, 'CREATE TABLE public.seeded AS SELECT 42 AS answer');
      },
    };
    const databases = await Promise.all([1, 2, 3].map(() => freshDatabase({ template })));
    expect(builds).toBe(1);
    for (const database of databases) {
      expect(await rows(database.url, 'SELECT answer FROM public.seeded')).toEqual([{ answer: 42 }]);
      await database.drop();
    }
  });

  it('do not keep a template whose building failed', async () => {
    let attempts = 0;
    const template = {
      name: 'second_time',
      async build(url: string) {
        attempts += 1;
        await rows(url, 'CREATE TABLE public.half (n int)');
        if (attempts === 1) throw new Error('interrupted');
      },
    };
    await expect(freshDatabase({ template })).rejects.toThrow('interrupted');
    const database = await freshDatabase({ template });
    expect(attempts).toBe(2);
    await database.drop();
  });
});

describe('redis', () => {
  it('answers, can be killed, and comes back on its port', async () => {
    const first = await startRedis();
    await first.kill();
    expect(() => process.kill(first.pid, 0)).toThrow(/ESRCH/);
    const second = await startRedis({ port: first.port });
    expect(second.url).toBe(first.url);
    await expect(startRedis({ port: first.port })).rejects.toThrow(/already in use/);
    await second.stop();
    await first.stop();
  });

  it('says what to install when it is missing', async () => {
    await expect(startRedis({ program: 'no-such-redis' })).rejects.toThrow(/apt-get install redis-server/);
  });
});

describe('pgbouncer', () => {
  it('lends its connections for a transaction each, and goes away', async () => {
    const database = await freshDatabase();
    const pooler = await startPgbouncer({ url: database.url, poolSize: 1 });
    // Two clients, each inside no transaction, share the one connection there is.
    const backends = await withClient(pooler.url, (first) =>
      withClient(pooler.url, async (second) =>
        Promise.all(
          [first, second].map(
            async (client) => (await client.query('SELECT pg_backend_pid() AS pid')).rows[0].pid,
          ),
        ),
      ),
    );
    expect(backends[0]).toBe(backends[1]);
    await pooler.stop();
    expect(() => process.kill(pooler.pid, 0)).toThrow(/ESRCH/);
    await database.drop();
  });

  it('says what to install when it is missing', async () => {
    const missing = startPgbouncer({
      url: 'postgres://a:b@127.0.0.1:1/c',
      poolSize: 1,
      program: 'no-such-pooler',
    });
    await expect(missing).rejects.toThrow(/apt-get install pgbouncer/);
  });
});

describe('chromium', () => {
  it('is found on this machine, or the error says what to install', () => {
    expect(findChromium()).toMatch(/chrom/i);
    expect(lookForChromium({ PREAU_CHROMIUM: '/no/such/browser' })).toBeUndefined();
    expect(() => findChromium({ PREAU_CHROMIUM: '/no/such/browser' })).toThrow(/apt-get install chromium/);
  });
});
