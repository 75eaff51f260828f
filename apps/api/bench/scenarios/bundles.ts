import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { storagePrefix } from '@preau/tenancy';
import { withClient } from '@preau/postgres-launcher';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { openDatabase } from '../../src/database/database.ts';
import { SYSTEM } from '../../src/features/audit/index.ts';
import { createServices } from '../../src/services.ts';
import { startDebianPostgres } from '../bundles/debian-postgres.ts';
import { atMost, figure, type Result } from '../report.ts';
import type { Measured, Scenario } from '../scenario.ts';
import { ordinarySchool } from '../school.ts';
import { median } from '../statistics.ts';
import { serverVersion } from '../versions.ts';

const LONG = { rows: 100_000, files: 1_000, fileBytes: 1_000_000, rounds: 3 };
const SHORT = { rows: 2_000, files: 20, fileBytes: 100_000, rounds: 1 };
const run = promisify(execFile);

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Backup and restore of one school beside pg_dump and tar of the same rows and files, in turns. */
export const bundles: Scenario = async ({ short, endings, progress }): Promise<Measured> => {
  const { rows, files, fileBytes, rounds } = short ? SHORT : LONG;
  const server = await startDebianPostgres(endings);
  if (!server) {
    progress('no PostgreSQL with its client tools on this machine (Debian: postgresql)');
    return { versions: {}, results: [figure('left out: no pg_dump with its server', 1, 'scenario')] };
  }
  const { bin, url, adminUrl } = server;
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'preau-bench-bundles-'));
  endings.add(() => fs.rmSync(folder, { recursive: true, force: true }));
  const dataDir = path.join(folder, 'data');
  const database = await openDatabase({ url, applicationName: 'preau bench' });
  const { error } = await database.migrator.migratePublic();
  if (error) throw new Error(error);
  const services = createServices(
    {
      base: { scheme: 'http', domain: 'localhost', port: null },
      dataDir,
      jobs: { concurrency: 0, silentSeconds: 15 },
    },
    database,
    () => {},
  );
  endings.add(async () => {
    await services.lastAccess.close();
    await database.close();
  });
  const { tenant } = await services.tenants.create(SYSTEM, ordinarySchool('bundle'));
  await services.provisioning.provision(SYSTEM, tenant.id);
  const { schema_name: schema, id } = tenant;

  progress(`${rows} rows and ${(files * fileBytes) / 1e6} MB of files`);
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  endings.add(() => admin.end());
  await admin.query(
    `INSERT INTO ${schema}.announcements (id, title, body, author_name)
     SELECT gen_random_uuid(), 'Titre ' || n, (SELECT string_agg(md5((n * 31 + i)::text), ' ') FROM generate_series(1, 12) i), 'Camille'
     FROM generate_series(1, ${rows}) n`,
  );
  for (let at = 0; at < files; at += 1) {
    const file = uuidv7();
    const key = `${storagePrefix({ id })}documents/${file}.bin`;
    await services.storage.write(key, Readable.from([randomBytes(fileBytes)], { objectMode: false }));
    await admin.query(
      `INSERT INTO ${schema}.media_files (id, folder, name, media_type, bytes, sha256, storage_key, uploader_name)
       VALUES ($1, 'documents', 'f.bin', 'application/octet-stream', $2, '', $3, 'Camille')`,
      [file, fileBytes, key],
    );
  }
  await admin.query('CHECKPOINT');

  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50);
  endings.add(() => clearInterval(watch));
  const unwatched = {
    id: uuidv7(),
    attempt: 1,
    origin: SYSTEM,
    signal: new AbortController().signal,
    progress() {},
    step: <R>(_: string, work: () => Promise<R>): Promise<R> => work(),
    guard: async () => {},
  };
  const dump = path.join(folder, 'peer.dump');
  const tar = path.join(folder, 'peer.tar');
  const mediafiles = path.join(dataDir, 'mediafiles');
  const ended = (jobId: string) =>
    admin.query("UPDATE public.jobs SET status = 'done', finished_at = now() WHERE id = $1", [jobId]);

  let bundleId = '';
  const ours = {
    async backup() {
      const { bundle_id, job_id } = await services.bundles.make(SYSTEM, id);
      const spent = await timed(() => services.bundleMaker.make(unwatched, bundle_id));
      await ended(job_id);
      bundleId = bundle_id;
      return spent;
    },
    async restore(round: number) {
      const started = await services.bundles.restore(
        SYSTEM,
        bundleId,
        { mode: 'copy', subdomain: `copie-${round}` },
        undefined,
      );
      const { rows: found } = await admin.query<{ payload: { schema_name: string } }>(
        'SELECT payload FROM public.jobs WHERE id = $1',
        [started.job_id],
      );
      const task = {
        bundleId,
        tenantId: started.tenant_id,
        schemaName: found[0]?.payload.schema_name ?? '',
        mode: 'copy' as const,
        own: true,
      };
      const spent = await timed(() => services.restores.restore({ ...unwatched, id: started.job_id }, task));
      await ended(started.job_id);
      await services.lifecycle.purge(SYSTEM, started.tenant_id, `copie-${round}`);
      await services.storage.removeAll(storagePrefix({ id: started.tenant_id }));
      return spent;
    },
  };
  const peer = {
    backup: () =>
      timed(async () => {
        await run(`${bin}/pg_dump`, ['-Fc', '-n', schema, '-f', dump, adminUrl]);
        await run('tar', ['-cf', tar, '-C', mediafiles, `tenant_${id}`]);
        // Until it is on the disk, as ours: before that it is no backup.
        await run('sync', [dump, tar]);
      }),
    async restore() {
      const place = path.join(folder, 'untarred');
      fs.mkdirSync(place);
      const peerUrl = adminUrl.replace(/preau$/, 'peer');
      await admin.query('CREATE DATABASE peer');
      // What a school's schema stands on besides itself: the words of its searches.
      await withClient(peerUrl, (client) =>
        client.query(
          `CREATE SCHEMA extensions; CREATE EXTENSION unaccent SCHEMA extensions; CREATE SCHEMA tenant_api;
           CREATE TEXT SEARCH CONFIGURATION tenant_api.preau_french (COPY = pg_catalog.french);
           ALTER TEXT SEARCH CONFIGURATION tenant_api.preau_french
             ALTER MAPPING FOR hword, hword_part, word WITH extensions.unaccent, pg_catalog.french_stem`,
        ),
      );
      const spent = await timed(async () => {
        await run(`${bin}/pg_restore`, ['-d', peerUrl, dump]);
        await run('tar', ['-xf', tar, '-C', place]);
        await run('sync', ['-f', place]);
      });
      await admin.query('DROP DATABASE peer');
      fs.rmSync(place, { recursive: true });
      return spent;
    },
  };

  const spent = {
    ourBackup: [] as number[],
    peerBackup: [] as number[],
    ourRestore: [] as number[],
    peerRestore: [] as number[],
  };
  for (let round = 0; round < rounds; round += 1) {
    progress(`round ${round + 1} of ${rounds}`);
    // Who comes first finds files that the system has to read again.
    if (round % 2 === 0) spent.ourBackup.push(await ours.backup());
    spent.peerBackup.push(await peer.backup());
    if (round % 2 === 1) spent.ourBackup.push(await ours.backup());
    if (round % 2 === 1) spent.ourRestore.push(await ours.restore(round));
    spent.peerRestore.push(await peer.restore());
    if (round % 2 === 0) spent.ourRestore.push(await ours.restore(round));
  }
  const ratio = (a: readonly number[], b: readonly number[]): number =>
    median(a.map((value, at) => value / (b[at] ?? Number.NaN)));
  const results: Result[] = [
    figure('backup, Préau', median(spent.ourBackup), 'ms'),
    figure('backup, pg_dump + tar', median(spent.peerBackup), 'ms'),
    atMost('backup ratio', ratio(spent.ourBackup, spent.peerBackup), 1.2),
    figure('restore, Préau', median(spent.ourRestore), 'ms'),
    figure('restore, pg_restore + untar', median(spent.peerRestore), 'ms'),
    atMost('restore ratio', ratio(spent.ourRestore, spent.peerRestore), 1.2),
    figure('resident memory, most', peak / 1e6, 'MB'),
  ];
  return { versions: { postgresql: await serverVersion(url) }, results };
};
