import type { Knex } from 'knex';
import type { Ladder } from '../migrate/ladder.ts';
import type { SchemaAt } from '../migrate/fleet-run.ts';
import { centralOpening } from '../run/opening.ts';
import type { TransactionConfig } from '../run/client.ts';
import { asTenantRole, tenantSchemaText } from '../provision/tenant-schema.ts';
import { newSchemaName } from '../tenant-ref.ts';
import { catalogueDifference, catalogueDigest, type CatalogueDifference } from './catalogue.ts';

/** A school's schema that is not what its version makes. */
export interface Drift {
  schemaName: string;
  version: string | null;
  /** What the migrations make is `left`, what is there is `right`. */
  differences: CatalogueDifference[];
  /** Set instead of differences where there is nothing to compare with: a version of newer code. */
  unknownVersion?: true;
}

/** Names at a time for the digest: keeps its memory small. */
const CHUNK = 2_000;

/**
 * Compares schemas with what the migrations make up to each one's version, in columns, constraints, indexes, grants, owners,
 * comments and the rest that the catalogue knows. The references are built in a transaction that is rolled back.
 *
 * One query for each 2,000 schemas; then one look at each different digest, however many schemas share it.
 * @param schemas with the versions they should have.
 * @returns those that differ, in the order given. A schema that does not exist differs in everything.
 */
export async function findDrift(knex: Knex, ladder: Ladder, schemas: readonly SchemaAt[]): Promise<Drift[]> {
  const done = new Error('rolled back');
  const drifts = new Map<string, Drift>();
  const work = async (trx: Knex.Transaction) => {
    await trx.raw('SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0');
    for (const [version, group] of Map.groupBy(schemas, (schema) => schema.version)) {
      const height = ladder.migrations.findIndex(({ name }) => name === version) + 1;
      if (version !== null && height === 0) {
        for (const { schemaName } of group)
          drifts.set(schemaName, { schemaName, version, differences: [], unknownVersion: true });
        continue;
      }
      const reference = newSchemaName();
      await trx.raw(tenantSchemaText(trx, reference));
      await asTenantRole(trx, reference, async () => {
        for (const migration of ladder.migrations.slice(0, height)) await migration.up(trx);
      });
      await compare(trx, reference, version, group, drifts);
    }
    throw done;
  };
  try {
    await knex.transaction(work, { opening: centralOpening({ readOnly: false }) } as TransactionConfig);
  } catch (error) {
    if (error !== done) throw error;
  }
  return schemas.flatMap(({ schemaName }) => drifts.get(schemaName) ?? []);
}

async function compare(
  trx: Knex.Transaction,
  reference: string,
  version: string | null,
  group: readonly SchemaAt[],
  drifts: Map<string, Drift>,
): Promise<void> {
  const expected = (await catalogueDigest(trx, [reference])).get(reference);
  const byDigest = new Map<string | undefined, string[]>();
  for (let at = 0; at < group.length; at += CHUNK) {
    const names = group.slice(at, at + CHUNK).map(({ schemaName }) => schemaName);
    const digests = await catalogueDigest(trx, names);
    for (const name of names) {
      const digest = digests.get(name);
      if (digest === expected) continue;
      const alike = byDigest.get(digest);
      if (alike) alike.push(name);
      else byDigest.set(digest, [name]);
    }
  }
  for (const names of byDigest.values()) {
    // Digests also differ where a dropped column has left a gap: PostgreSQL counts on, and nothing else is different.
    const differences = await catalogueDifference(trx, reference, names[0] ?? '');
    if (differences.length === 0) continue;
    for (const schemaName of names) drifts.set(schemaName, { schemaName, version, differences });
  }
}
