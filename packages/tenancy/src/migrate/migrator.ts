import type { Knex } from 'knex';
import { findDrift, type Drift } from '../inspect/drift.ts';
import { findOrphans, type Orphan } from '../inspect/orphans.ts';
import { asTenantRole } from '../provision/tenant-schema.ts';
import { centralOpening } from '../run/opening.ts';
import type { TransactionConfig } from '../run/client.ts';
import { createTenantBuilder, type TenantBuilder } from './build-tenant.ts';
import { createCourses } from './course.ts';
import {
  runFleet,
  type FleetReport,
  type FleetRunEnd,
  type FleetRunOptions,
  type SchemaAt,
} from './fleet-run.ts';
import { ladderVersion, migrationsAfter, type Ladder } from './ladder.ts';
import { rehearse, type Rehearsal } from './rehearse.ts';
import { markInterrupted } from './run-record.ts';
import { sweepRehearsals } from './scratch.ts';
import type { Snapshot } from './snapshot.ts';
import {
  bootstrapVersions,
  lockSchema,
  NOTHING_BEING_BUILT,
  recordVersion,
  VERSIONS,
  versionOf,
} from './versions.ts';

export interface SchemaReport {
  schemaName: string;
  from: string | null;
  to: string | null;
  /** Names applied now. */
  applied: string[];
  /** Why it stopped, if it did; nothing of this schema was kept then. */
  error?: string;
}

/** A schema that goes back to an earlier version. */
export interface SchemaBack extends SchemaAt {
  /** Version to go back to. */
  to: string | null;
}

export interface Migrator extends TenantBuilder {
  /** Brings the shared tables up to date, one transaction for all that is missing. */
  migratePublic(): Promise<SchemaReport>;
  /** Brings tenants' schemas to the head of their ladder, see {@link FleetRunOptions}. Rejects only when nothing could be told. */
  runFleet(options: FleetRunOptions): Promise<FleetRunEnd>;
  /** Takes tenants' schemas back, each to its own version, in the same manner. */
  runFleetBack(
    options: Omit<FleetRunOptions, 'schools'> & { schools: readonly SchemaBack[] },
  ): Promise<FleetRunEnd>;
  /** Brings the given tenants' schemas up to date without a record of the run. For development and tests. */
  migrateTenants(
    schemaNames: readonly string[],
    onReport?: (report: FleetReport) => void,
  ): Promise<FleetReport[]>;
  /**
   * Brings one tenant's schema up to date inside the caller's transaction, e.g. before a school that was closed for long is
   * opened. Whatever stops it fails the transaction.
   * @returns names of the migrations that were applied.
   */
  catchUp(trx: Knex.Transaction, schemaName: string): Promise<string[]>;
  /** Inside the caller's transaction: waits until no schema is being built, so that all there are can be seen. */
  awaitBuilders(trx: Knex.Transaction): Promise<void>;
  /** Runs a school's missing migrations on a copy of it: see {@link rehearse}. */
  rehearse(schemaName: string): Promise<Rehearsal>;
  /** Schemas that are not what their version makes: see {@link findDrift}. */
  findDrift(schemas: readonly SchemaAt[]): Promise<Drift[]>;
  /** What has lost its school, and schools without a schema: see {@link findOrphans}. */
  findOrphans(owned: readonly string[], promised?: readonly string[]): Promise<Orphan[]>;
  /** Drops what killed rehearsals have left, and answers their names. */
  sweepRehearsals(): Promise<string[]>;
  /** Marks the runs whose process died. */
  markInterrupted(): Promise<void>;
  /** Every known schema that is not at the head of its ladder: one query, whatever their number. */
  behind(): Promise<{ schemaName: string; version: string | null }[]>;
  /** Whether the shared tables are at the head of theirs: one row, for probes. */
  publicIsCurrent(): Promise<boolean>;
  /** Undoes the last migration of one schema. For development and tests. */
  rollbackLast(schemaName: string): Promise<string | null>;
  /** Last migrations of the two ladders, null for an empty one. */
  readonly heads: { readonly public: string | null; readonly tenant: string | null };
  readonly ladders: { readonly public: Ladder; readonly tenant: Ladder };
}

export interface MigratorOptions {
  knex: Knex;
  ladders: { public: Ladder; tenant: Ladder };
  /** Of the tenant ladder; a stale one is not used. */
  snapshot?: Snapshot | null;
}

/**
 * Runs the two ladders with versions as rows of `public.schema_versions`.
 *
 * knex's own migrator is not used: its lock row stays stuck after a crash, and its tables land in whatever schema the
 * path names. Here a transaction-level advisory lock per schema does the locking, so that a killed migrator leaves none.
 */
export function createMigrator({ knex, ladders, snapshot }: MigratorOptions): Migrator {
  const courses = createCourses(ladders.tenant);
  const heads = { public: ladderVersion(ladders.public), tenant: ladderVersion(ladders.tenant) };
  const transaction = <R>(fn: (trx: Knex.Transaction) => Promise<R>) =>
    knex.transaction(fn, { opening: centralOpening({ readOnly: false }) } as TransactionConfig);
  const up = ({ version }: SchemaAt) => courses.up(version);

  return {
    ...createTenantBuilder({ knex, ladder: ladders.tenant, snapshot }),
    heads,
    ladders,
    rehearse: (schemaName) => rehearse(knex, ladders.tenant, schemaName),
    findDrift: (schemas) => findDrift(knex, ladders.tenant, schemas),
    findOrphans: (owned, promised) => findOrphans(knex, owned, promised),
    sweepRehearsals: () => sweepRehearsals(knex),
    markInterrupted: () => markInterrupted(knex),

    async migratePublic() {
      let from: string | null = null;
      const applied: string[] = [];
      try {
        await transaction(async (trx) => {
          await lockSchema(trx, 'public');
          await bootstrapVersions(trx);
          from = await versionOf(trx, 'public');
          const missing = migrationsAfter(ladders.public, from);
          if (missing.length === 0) return;
          // A migration may work for long; it still must not wait for long, with readers queueing up behind it.
          await trx.raw('SET LOCAL statement_timeout = 0');
          for (const migration of missing) {
            await migration.up(trx);
            applied.push(migration.name);
          }
          await recordVersion(trx, 'public', 'public', heads.public);
        });
        return { schemaName: 'public', from, to: applied.at(-1) ?? from, applied };
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return { schemaName: 'public', from, to: from, applied: [], error: reason };
      }
    },

    runFleet: (options) => runFleet(knex, up, options),

    runFleetBack(options) {
      const goals = new Map(options.schools.map(({ schemaName, to }) => [schemaName, to]));
      const back = ({ schemaName, version }: SchemaAt) =>
        courses.down(version, goals.get(schemaName) ?? null);
      return runFleet(knex, back, options);
    },

    async migrateTenants(schemaNames, onReport) {
      const { rows } = await knex.raw(
        `SELECT n AS "schemaName", v.version FROM unnest(?::text[]) WITH ORDINALITY AS names (n, at)
         LEFT JOIN ${VERSIONS} v ON v.schema_name = n ORDER BY at`,
        [schemaNames as never],
      );
      return (await runFleet(knex, up, { runId: null, schools: rows, onReport })).reports;
    },

    async catchUp(trx, schemaName) {
      await lockSchema(trx, schemaName);
      const course = await courses.up(await versionOf(trx, schemaName));
      if (!course) return [];
      await trx.raw('SET LOCAL statement_timeout = 0');
      await asTenantRole(trx, schemaName, () => course.run(trx));
      await recordVersion(trx, schemaName, 'tenant', course.to);
      return course.names;
    },

    awaitBuilders: async (trx) => void (await trx.raw(NOTHING_BEING_BUILT)),

    async behind() {
      const { rows } = await knex.raw(
        `SELECT schema_name, version FROM ${VERSIONS}
         WHERE version IS DISTINCT FROM CASE ladder WHEN 'public' THEN ? ELSE ? END ORDER BY schema_name`,
        [heads.public, heads.tenant],
      );
      return rows.map((row: { schema_name: string; version: string | null }) => ({
        schemaName: row.schema_name,
        version: row.version,
      }));
    },

    async publicIsCurrent() {
      const { rows } = await knex.raw(`SELECT version FROM ${VERSIONS} WHERE schema_name = 'public'`);
      return rows[0]?.version === heads.public;
    },

    rollbackLast: (schemaName) =>
      transaction(async (trx) => {
        await lockSchema(trx, schemaName);
        const ladder = schemaName === 'public' ? 'public' : 'tenant';
        const version = await versionOf(trx, schemaName);
        const index = ladders[ladder].migrations.findIndex(({ name }) => name === version);
        const last = ladders[ladder].migrations[index];
        if (!last) return null;
        await (ladder === 'public' ? last.down(trx) : asTenantRole(trx, schemaName, () => last.down(trx)));
        await recordVersion(trx, schemaName, ladder, ladders[ladder].migrations[index - 1]?.name ?? null);
        return last.name;
      }),
  };
}
