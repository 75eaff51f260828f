import { findDrift } from '@preau/tenancy';
import type pg from 'pg';
import { loadLadders, type Database } from '../../src/database/database.ts';
import { getRun } from '../../src/features/fleet/fleet.read-model.ts';
import type { Ended } from './migrator-process.ts';
import { tallLadder } from './tall-ladder.ts';

export interface MigrationProof {
  /** Schools at the head. */
  current: number;
  /** Schools whose schema is not what their version makes: half migrated. */
  drifted: string[];
  /** What was said or kept and is not so. */
  lies: string[];
}

/**
 * Looks at every school by the catalogue, and at every report: what a process said before it was killed, and what its run has
 * kept, must be what is there. In one ladder's run each school is migrated once.
 */
export async function prove(
  database: Database,
  admin: pg.Pool,
  more: number,
  ended: readonly Ended[],
): Promise<MigrationProof> {
  const ladder = tallLadder((await loadLadders()).tenant, more);
  const head = ladder.migrations.at(-1)?.name;
  // A server notices a moment later that a client was killed, and may still commit what it was sent.
  const busy = "SELECT FROM pg_stat_activity WHERE application_name = 'preau chaos migrator'";
  while ((await admin.query(busy)).rowCount);
  const { rows: at } = await admin.query<{ schemaName: string; version: string }>(
    `SELECT schema_name AS "schemaName", version FROM public.schema_versions WHERE ladder = 'tenant' ORDER BY 1`,
  );
  const drifted = (await findDrift(database.knex, ladder, at)).map(
    ({ schemaName, differences: [first] }) => `${schemaName}: ${first?.kind} ${first?.object}`,
  );
  const versions = new Map(at.map(({ schemaName, version }) => [schemaName, version]));
  const lies: string[] = [];
  const times = new Map<string, number>();
  for (const { run: id, migrated, code } of ended) {
    if (id === null) continue;
    const { run, results } = await database.tenancy.central(({ trx }) => getRun(trx, id), { readOnly: true });
    const kept = new Set(results.map(({ schema_name }) => schema_name));
    for (const schema of migrated)
      if (!kept.has(schema)) lies.push(`${schema}: told as migrated, and not on record`);
    for (const { schema_name, to_version, error } of results) {
      times.set(schema_name, (times.get(schema_name) ?? 0) + 1);
      if (error || to_version !== head || versions.get(schema_name) !== head)
        lies.push(
          `${schema_name}: on record at ${to_version} (${error}), and is at ${versions.get(schema_name)}`,
        );
    }
    const expected = code === null ? ['interrupted', 'done'] : ['done'];
    if (!expected.includes(run.status)) lies.push(`run ${id}: ${run.status}, ended with ${code}`);
  }
  for (const [schema, count] of times) if (count > 1) lies.push(`${schema}: migrated ${count} times`);
  for (const [schema, version] of versions)
    if (version === head && !times.has(schema)) lies.push(`${schema}: migrated, and by no run`);
  return { current: at.filter(({ version }) => version === head).length, drifted, lies };
}
