import { randomInt } from 'node:crypto';
import { newSchemaName } from '@preau/tenancy';
import pg from 'pg';
import { exactly, figure } from '../../bench/report.ts';
import type { Scenario } from '../../bench/scenario.ts';
import { serverVersion } from '../../bench/versions.ts';
import { throwawayDatabase } from '../../fuzz/database.ts';
import { openDatabase } from '../../src/database/database.ts';
import { migrateFleet } from '../../src/features/fleet/index.ts';
import { prove } from '../migration/proof.ts';
import { runMigrator, type Ended } from '../migration/migrator-process.ts';
import { enterSchool } from '../migration/school.ts';

const SIZE = { long: { schools: 200, rounds: 12 }, short: { schools: 24, rounds: 2 } };
/** Kills a round before it is let to end. */
const KILLS = 3;

/** SIGKILL of the migrator at random moments; each restart does what remains, and two at once share the work. */
export const migration: Scenario = async ({ short, endings, progress }) => {
  const { schools, rounds } = short ? SIZE.short : SIZE.long;
  const { url, adminUrl } = await throwawayDatabase(endings);
  const database = await openDatabase({ url, applicationName: 'preau chaos' });
  const admin = new pg.Pool({ connectionString: adminUrl, max: 2 });
  admin.on('error', () => {});
  endings.add(async () => {
    await admin.end();
    await database.close();
  });
  await migrateFleet(database);
  progress(`${schools} schools`);
  for (let number = 0; number < schools; number += 1)
    await database.tenancy.central(async ({ trx }) => {
      const schemaName = newSchemaName();
      await database.migrator.buildTenant(trx, schemaName);
      await enterSchool(trx, schemaName, number);
    });

  let kills = 0;
  let notConverged = 0;
  const drifted: string[] = [];
  const lies: string[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    progress(`migration ${round} of ${rounds}`);
    const ended: Ended[] = [];
    let left = schools;
    for (let kill = 0; kill < KILLS && left > 1; kill += 1) {
      const killed = await runMigrator(url, round, randomInt(left));
      ended.push(killed);
      if (killed.code === null) kills += 1;
      else if (killed.code !== 0) lies.push(`ended with ${killed.code}: ${killed.complaints}`);
      const found = await prove(database, admin, round, ended);
      drifted.push(...found.drifted);
      lies.push(...found.lies);
      left = schools - found.current;
    }
    // Two at once, as when an operator and a start of the server meet.
    const last = await Promise.all([runMigrator(url, round), runMigrator(url, round)]);
    for (const { code, complaints } of last) if (code !== 0) lies.push(`ended with ${code}: ${complaints}`);
    const found = await prove(database, admin, round, [...ended, ...last]);
    drifted.push(...found.drifted);
    lies.push(...found.lies);
    notConverged += schools - found.current;
  }
  for (const line of [...drifted, ...lies]) progress(line);
  const { rows } = await admin.query(
    `SELECT count(*)::int AS held FROM pg_locks WHERE locktype = 'advisory' AND pid IN (SELECT pid FROM pg_stat_activity WHERE application_name = 'preau chaos migrator')`,
  );
  return {
    versions: { postgresql: await serverVersion(url) },
    results: [
      figure('migrators killed', kills, 'kills'),
      figure('schools', schools, 'schools'),
      figure('migrations', rounds, 'migrations'),
      exactly('schools left behind after the restart', notConverged, 0, 'schools'),
      exactly('schools half migrated', drifted.length, 0, 'schools'),
      exactly('reports that are not true, and schools migrated twice', lies.length, 0, 'reports'),
      exactly('locks that were left', rows[0].held, 0, 'locks'),
    ],
  };
};
