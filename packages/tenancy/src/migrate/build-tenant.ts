import type { Knex } from 'knex';
import {
  asTenantRole,
  becomeApplication,
  becomeTenant,
  tenantSchemaText,
} from '../provision/tenant-schema.ts';
import { together } from '../run/together.ts';
import { batchOf } from './batch.ts';
import { ladderVersion, type Ladder } from './ladder.ts';
import { recordVersion, VERSIONS } from './versions.ts';

export interface TenantBuilder {
  /** Makes a tenant's role and schema with the whole ladder in it, inside the caller's transaction: one message. */
  buildTenant(trx: Knex.Transaction, schemaName: string): Promise<void>;
  /** Forgets the version of a dropped schema, inside the caller's transaction. */
  forgetTenant(trx: Knex.Transaction, schemaName: string): Promise<void>;
}

/** Makes new schemas at the head of the ladder. */
export function createTenantBuilder(ladder: Ladder): TenantBuilder {
  const batch = batchOf(ladder);
  // Read when a school is made; a ladder that cannot be read is told then, and not as an unhandled rejection now.
  batch.catch(() => {});

  return {
    async buildTenant(trx, schemaName) {
      const schema = tenantSchemaText(trx, schemaName);
      const tables = await batch;
      const recorded = () => recordVersion(trx, schemaName, 'tenant', ladderVersion(ladder));
      if (tables !== null) {
        const text = [schema, becomeTenant(schemaName), tables, becomeApplication].filter(Boolean).join(';');
        await together([trx.raw(text), recorded()]);
        return;
      }
      await trx.raw(schema);
      await asTenantRole(trx, schemaName, async () => {
        for (const migration of ladder.migrations) await migration.up(trx);
      });
      await recorded();
    },

    forgetTenant: async (trx, schemaName) =>
      void (await trx.raw(`DELETE FROM ${VERSIONS} WHERE schema_name = ?`, [schemaName])),
  };
}
