import type { Knex } from 'knex';
import {
  asTenantRole,
  becomeApplication,
  becomeTenant,
  dropTenantSchema,
  ownedSchemaText,
  tenantRoleText,
} from '../provision/tenant-schema.ts';
import { together } from '../run/together.ts';
import { ladderVersion, type Ladder } from './ladder.ts';
import { isCurrent, recordSnapshot, snapshotText, type Snapshot } from './snapshot.ts';
import { BUILDING, lockSchema, recordVersion, VERSIONS, versionOf } from './versions.ts';

export interface TenantBuilder {
  /**
   * Makes a tenant's role and schema with the whole ladder in it, inside the caller's transaction: the three parts below, sent
   * together when the snapshot is of this ladder; else the ladder is climbed. Fails when the schema exists.
   */
  buildTenant(trx: Knex.Transaction, schemaName: string): Promise<void>;
  /** First part of {@link TenantBuilder.buildTenant}: the role, unless it was made ahead. */
  makeRole(trx: Knex.Transaction, schemaName: string): Promise<void>;
  /** Second part: the schema, which the role owns. */
  makeSchema(trx: Knex.Transaction, schemaName: string): Promise<void>;
  /**
   * Third part: the tables, and the row of their version. While {@link TenantBuilder.snapshotIsCurrent} each part is sent when
   * it is called, so that others may be sent right behind it; else this one goes on as the tenant, and must be waited for.
   */
  fillSchema(trx: Knex.Transaction, schemaName: string): Promise<void>;
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

  const makeRole = async (trx: Knex.Transaction, schemaName: string): Promise<void> =>
    void (await trx.raw(tenantRoleText(trx, schemaName)));

  const makeSchema = async (trx: Knex.Transaction, schemaName: string): Promise<void> =>
    void (await trx.raw(`${BUILDING};${ownedSchemaText(schemaName)}`));

  async function fillSchema(trx: Knex.Transaction, schemaName: string): Promise<void> {
    const recorded = () => recordVersion(trx, schemaName, 'tenant', version);
    if (current) {
      const tables = snapshotText(current, schemaName);
      // A line of its own: the last one of the tables may end in a comment.
      await together([trx.raw(`${becomeTenant(schemaName)};${tables}\n;${becomeApplication}`), recorded()]);
      return;
    }
    await asTenantRole(trx, schemaName, async () => {
      for (const migration of ladder.migrations) await migration.up(trx);
    });
    await recorded();
  }

  async function buildTenant(trx: Knex.Transaction, schemaName: string): Promise<void> {
    const parts = [makeRole, makeSchema, fillSchema];
    if (current) await together(parts.map((part) => part(trx, schemaName)));
    else for (const part of parts) await part(trx, schemaName);
  }

  return {
    buildTenant,
    makeRole,
    makeSchema,
    fillSchema,

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
