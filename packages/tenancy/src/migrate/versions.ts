import type { Knex } from 'knex';

/** Which ladder a schema is on. */
export type LadderName = 'public' | 'tenant';

/** One row a schema: how far up its ladder it is. */
export const VERSIONS = 'public.schema_versions';
/** One row a run and school, see FLEET_TABLES. */
export const RESULTS = 'public.fleet_results';
/** One row a run. */
export const RUNS = 'public.fleet_runs';

/** Makes the table of versions where there is none yet, which is before the first migration of all. */
export async function bootstrapVersions(trx: Knex.Transaction): Promise<void> {
  const { rows } = await trx.raw(`SELECT to_regclass('${VERSIONS}') AS found`);
  if (rows[0].found) return;
  await trx.raw(
    `CREATE TABLE ${VERSIONS} (
       schema_name text PRIMARY KEY,
       ladder text NOT NULL CHECK (ladder IN ('public', 'tenant')),
       version text,
       migrated_at timestamptz NOT NULL DEFAULT now()
     )`,
  );
}

/** Held until the transaction ends: nobody else migrates the schema meanwhile, and a killed migrator leaves no lock. */
export const schemaLock = (schemaName: string): string =>
  `SELECT pg_advisory_xact_lock(hashtextextended('preau.migrate.${schemaName}', 0))`;

/** As {@link schemaLock}, in a transaction. */
export const lockSchema = (trx: Knex.Transaction, schemaName: string) => trx.raw(schemaLock(schemaName));

/** Held by whoever builds a schema until it can be seen: so that a run of the fleet can wait for those it cannot see yet. */
export const BUILDING = "SELECT pg_advisory_xact_lock_shared(hashtextextended('preau.build', 0))";

/** Waits until no schema is being built. */
export const NOTHING_BEING_BUILT = "SELECT pg_advisory_xact_lock(hashtextextended('preau.build', 0))";

export async function versionOf(trx: Knex.Transaction, schemaName: string): Promise<string | null> {
  const { rows } = await trx.raw(`SELECT version FROM ${VERSIONS} WHERE schema_name = ?`, [schemaName]);
  return rows[0]?.version ?? null;
}

export const recordVersion = (
  trx: Knex.Transaction,
  schemaName: string,
  ladder: LadderName,
  version: string | null,
) =>
  trx.raw(
    `INSERT INTO ${VERSIONS} (schema_name, ladder, version) VALUES (?, ?, ?)
     ON CONFLICT (schema_name) DO UPDATE SET version = excluded.version, migrated_at = now()`,
    [schemaName, ladder, version],
  );
