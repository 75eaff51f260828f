import type { Knex } from 'knex';
import {
  asTenantRole,
  becomeApplication,
  becomeTenant,
  dropTenantSchema,
  tenantSchemaText,
} from '../provision/tenant-schema.ts';
import { together } from '../run/together.ts';
import { ladderVersion, type Ladder } from './ladder.ts';
import { isCurrent, recordSnapshot, snapshotText, type Snapshot } from './snapshot.ts';
import { BUILDING, lockSchema, recordVersion, VERSIONS, versionOf } from './versions.ts';

export interface TenantBuilder {
  /**
   * Makes a tenant's role and schema with the whole ladder in it, inside the caller's transaction: one message, when the
   * snapshot is of this ladder; else the ladder is climbed. Fails when the role or the schema exists.
   */
  buildTenant(trx: Knex.Transaction, schemaName: string): Promise<void>;
  /**
   * Makes anew a schema that nobody has used yet and that is not at the head of the ladder, inside the caller's transaction.
   * A migrator that is at work on it is waited for, and nothing is done if it has brought the schema to the head.
   */
  rebuildTenant(trx: Knex.Transaction, schemaName: string): Promise<void>;
  /** Forgets the version of a dropped schema, inside the caller's transaction. */
  forgetTenant(trx: Knex.Transaction, schemaName: string): Promise<void>;
  /** Version of a schema that was just built; null for an empty ladder. */
  readonly tenantVersion: string | null;
  /** Whether new schemas are made of the snapshot: it is there and the ladder has not changed since. */
  readonly snapshotIsCurrent: boolean;
  /** Makes the snapshot anew: see {@link recordSnapshot}. Nothing is kept of what it takes. */
  recordSnapshot(): Promise<Snapshot>;
}

export interface TenantBuilderOptions {
  knex: Knex;
  ladder: Ladder;
  /** Of that ladder; a stale one is not used. */
  snapshot?: Snapshot | null | undefined;
}

/** Makes new schemas at the head of the ladder. */
export function createTenantBuilder({ knex, ladder, snapshot }: TenantBuilderOptions): TenantBuilder {
  const current = isCurrent(snapshot, ladder) ? snapshot : null;
  const version = ladderVersion(ladder);

  async function buildTenant(trx: Knex.Transaction, schemaName: string): Promise<void> {
    const schema = `${BUILDING};${tenantSchemaText(trx, schemaName)}`;
    const recorded = () => recordVersion(trx, schemaName, 'tenant', version);
    if (current) {
      const tables = snapshotText(current, schemaName);
      // A line of its own: the last one of the tables may end in a comment.
      const text = `${schema};${becomeTenant(schemaName)};${tables}\n;${becomeApplication}`;
      await together([trx.raw(text), recorded()]);
      return;
    }
    await trx.raw(schema);
    await asTenantRole(trx, schemaName, async () => {
      for (const migration of ladder.migrations) await migration.up(trx);
    });
    await recorded();
  }

  return {
    buildTenant,

    async rebuildTenant(trx, schemaName) {
      await lockSchema(trx, schemaName);
      if ((await versionOf(trx, schemaName)) === version) return;
      await dropTenantSchema(trx, schemaName);
      await buildTenant(trx, schemaName);
    },

    forgetTenant: async (trx, schemaName) =>
      void (await trx.raw(`DELETE FROM ${VERSIONS} WHERE schema_name = ?`, [schemaName])),

    tenantVersion: version,
    snapshotIsCurrent: current !== null,
    recordSnapshot: () => recordSnapshot(knex, ladder),
  };
}
