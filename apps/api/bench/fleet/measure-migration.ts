import { createMigrator, type Ladder, type Migrator } from '@preau/tenancy';
import pg from 'pg';
import { createFleetInspection, runMigration } from '../../src/features/fleet/index.ts';
import type { Installation } from '../installation.ts';
import { atMost, exactly, figure, within, type Result } from '../report.ts';
import { median } from '../statistics.ts';

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** The next release: one column more a round. */
function withColumns({ database }: Installation, rounds: number): Migrator {
  const { ladders } = database.migrator;
  const tenant: Ladder = {
    digest: `bench ${rounds}`,
    migrations: [
      ...ladders.tenant.migrations,
      ...Array.from({ length: rounds }, (_, at) => ({
        name: `20990101_${String(at).padStart(6, '0')}_column`,
        up: (trx: { raw(sql: string): unknown }) =>
          Promise.resolve(trx.raw(`ALTER TABLE announcements ADD COLUMN ours_${at} text`)),
        down: (trx: { raw(sql: string): unknown }) =>
          Promise.resolve(trx.raw(`ALTER TABLE announcements DROP COLUMN ours_${at}`)),
      })),
    ],
  };
  return createMigrator({ knex: database.knex, ladders: { ...ladders, tenant } });
}

/** Nothing to do; drift of all; one added column in every school against a bare loop of the same statement. */
export async function measureMigration(
  installation: Installation,
  schools: number,
  { rounds, looks }: { rounds: number; looks: number },
): Promise<Result[]> {
  const { database, postgres } = installation;
  const { tenancy, knex } = database;
  const idle: number[] = [];
  let queries = 0;
  const count = ({ sql }: { sql: string }) => void (/^(BEGIN|COMMIT)/.test(sql) || (queries += 1));
  knex.on('query', count);
  for (let at = 0; at < looks; at += 1) idle.push(await timed(() => runMigration(database)));
  knex.removeListener('query', count);
  const drift: number[] = [];
  const status: number[] = [];
  const inspection = createFleetInspection(database);
  for (let at = 0; at < Math.max(1, rounds - 2); at += 1) {
    status.push(await timed(() => inspection.status()));
    let drifted = 0;
    drift.push(
      await timed(
        async () =>
          ({
            drifted: { length: drifted },
          } = await inspection.drift()),
      ),
    );
    if (drifted > 0) throw new Error(`fleet: ${drifted} schools of a new fleet have drifted`);
  }

  const { rows } = await knex.raw(
    "SELECT schema_name AS name FROM public.schema_versions WHERE ladder = 'tenant' ORDER BY 1",
  );
  const names = rows.map(({ name }: { name: string }) => name) as string[];
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  const ours: number[] = [];
  const bare: number[] = [];
  try {
    // The bare loop runs as whoever owns the tables, which takes a role for each: not counted against it.
    const loop = async (round: number): Promise<number> => {
      let spent = 0;
      for (const name of names) {
        await client.query(`SET ROLE ${name}`);
        const began = performance.now();
        await client.query(`ALTER TABLE ${name}.announcements ADD COLUMN bare_${round} text`);
        spent += performance.now() - began;
      }
      await client.query('RESET ROLE');
      return spent;
    };
    const migrate = (round: number) =>
      timed(async () => {
        const { status: end, reports } = await runMigration(
          { tenancy, migrator: withColumns(installation, round) },
          { parallel: 2 },
        );
        const migrated = reports.filter(({ outcome }) => outcome === 'migrated').length;
        if (end !== 'done' || migrated !== names.length)
          throw new Error(`fleet: ${end}, ${migrated} of ${names.length} schools migrated`);
      });
    for (let round = 1; round <= rounds; round += 1) {
      // Who comes first has the colder catalogue.
      if (round % 2 === 0) bare.push(await loop(round));
      ours.push(await migrate(round));
      if (round % 2 === 1) bare.push(await loop(round));
    }
  } finally {
    await client.end();
  }
  return [
    within(`migrate with nothing to do, ${schools} schools`, median(idle), 50),
    exactly('queries of migrate with nothing to do', queries / looks, 1, 'queries'),
    figure(`fleet status, ${schools} schools`, median(status), 'ms'),
    figure(`fleet drift, ${schools} schools`, median(drift), 'ms'),
    figure(`one column, ${schools} schools, Préau`, median(ours), 'ms'),
    figure(`one column, ${schools} schools, bare loop`, median(bare), 'ms'),
    atMost('one column ratio', median(ours.map((value, at) => value / (bare[at] ?? Number.NaN))), 1),
  ];
}
