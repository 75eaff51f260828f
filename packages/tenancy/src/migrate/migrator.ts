import type { Knex } from 'knex';
import { asTenantRole } from '../provision/tenant-schema.ts';
import { centralOpening } from '../run/opening.ts';
import type { TransactionConfig } from '../run/client.ts';
import { createTenantBuilder, type TenantBuilder } from './build-tenant.ts';
import { ladderVersion, migrationsAfter, type Ladder } from './ladder.ts';
import type { Snapshot } from './snapshot.ts';
import {
  bootstrapVersions,
  lockSchema,
  recordVersion,
  VERSIONS,
  versionOf,
  type LadderName,
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

export interface Migrator extends TenantBuilder {
  /** Brings the shared tables up to date, one transaction for all that is missing. */
  migratePublic(): Promise<SchemaReport>;
  /** Brings the given tenants' schemas up to date, each in a transaction of its own; goes on past a failure. */
  migrateTenants(
    schemaNames: readonly string[],
    onReport?: (report: SchemaReport) => void,
  ): Promise<SchemaReport[]>;
  /** Every known schema that is not at the head of its ladder: one query, whatever their number. */
  behind(): Promise<{ schemaName: string; version: string | null }[]>;
  /** Whether the shared tables are at the head of theirs: one row, for probes. */
  publicIsCurrent(): Promise<boolean>;
  /** Undoes the last migration of one schema. For development and tests. */
  rollbackLast(schemaName: string): Promise<string | null>;
}

export interface MigratorOptions {
  knex: Knex;
  ladders: { public: Ladder; tenant: Ladder };
  /** Of the tenant ladder; a stale one is not used. */
  snapshot?: Snapshot | null;
  /** Schemas migrated at once; 2 unless told: the catalogue and the write-ahead log are shared, more is not faster. */
  concurrency?: number;
}

/**
 * Runs the two ladders with versions as rows of `public.schema_versions`.
 *
 * knex's own migrator is not used: its lock row stays stuck after a crash, and its tables land in whatever schema the
 * path names. Here a transaction-level advisory lock per schema does the locking, so that a killed migrator leaves none.
 */
export function createMigrator({ knex, ladders, snapshot, concurrency = 2 }: MigratorOptions): Migrator {
  const transaction = <R>(fn: (trx: Knex.Transaction) => Promise<R>) =>
    knex.transaction(fn, { opening: centralOpening({ readOnly: false }) } as TransactionConfig);

  async function migrate(schemaName: string, ladder: LadderName): Promise<SchemaReport> {
    let from: string | null = null;
    const applied: string[] = [];
    try {
      await transaction(async (trx) => {
        await lockSchema(trx, schemaName);
        if (ladder === 'public') await bootstrapVersions(trx);
        from = await versionOf(trx, schemaName);
        const missing = migrationsAfter(ladders[ladder], from);
        const run = async () => {
          for (const migration of missing) {
            await migration.up(trx);
            applied.push(migration.name);
          }
        };
        if (missing.length === 0) return;
        // A migration may work for long; it still must not wait for long, with readers queueing up behind it.
        await trx.raw('SET LOCAL statement_timeout = 0');
        await (ladder === 'public' ? run() : asTenantRole(trx, schemaName, run));
        await recordVersion(trx, schemaName, ladder, missing.at(-1)?.name ?? from);
      });
      return { schemaName, from, to: applied.at(-1) ?? from, applied };
    } catch (error) {
      return {
        schemaName,
        from,
        to: from,
        applied: [],
        error: error instanceof Error ? error.message : String(error),
      };
    }
  }

  return {
    ...createTenantBuilder({ knex, ladder: ladders.tenant, snapshot }),

    migratePublic: () => migrate('public', 'public'),

    async migrateTenants(schemaNames, onReport) {
      const reports: SchemaReport[] = [];
      const queue = schemaNames[Symbol.iterator]();
      const worker = async () => {
        for (let next = queue.next(); !next.done; next = queue.next()) {
          const report = await migrate(next.value, 'tenant');
          reports.push(report);
          onReport?.(report);
        }
      };
      await Promise.all(Array.from({ length: concurrency }, worker));
      return reports;
    },

    async behind() {
      const { rows } = await knex.raw(
        `SELECT schema_name, version FROM ${VERSIONS}
         WHERE version IS DISTINCT FROM CASE ladder WHEN 'public' THEN ? ELSE ? END ORDER BY schema_name`,
        [ladderVersion(ladders.public), ladderVersion(ladders.tenant)],
      );
      return rows.map((row: { schema_name: string; version: string | null }) => ({
        schemaName: row.schema_name,
        version: row.version,
      }));
    },

    async publicIsCurrent() {
      const { rows } = await knex.raw(`SELECT version FROM ${VERSIONS} WHERE schema_name = 'public'`);
      return rows[0]?.version === ladderVersion(ladders.public);
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
