import type { Knex } from 'knex';
import { EXTENSIONS_SCHEMA } from '../run/opening.ts';
import { assertSchemaName } from '../tenant-ref.ts';

/** The only place that knows how a tenant's schema and role are made and dropped. */

async function serverMajor(trx: Knex.Transaction): Promise<number> {
  const { rows } = await trx.raw("SELECT current_setting('server_version_num')::int / 10000 AS major");
  return rows[0].major;
}

/**
 * Makes the role and the schema it owns, inside the caller's transaction; both may exist already.
 *
 * The application's role may become the tenant's but inherits nothing from it: from PostgreSQL 16 by the grant itself,
 * on 15 because the application's role is NOINHERIT.
 */
export async function createTenantSchema(trx: Knex.Transaction, schemaName: string): Promise<void> {
  assertSchemaName(schemaName);
  const { rows } = await trx.raw('SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = ?', [schemaName]);
  if (rows.length === 0) await trx.raw(`CREATE ROLE ${schemaName} NOLOGIN NOINHERIT`);
  const options = (await serverMajor(trx)) >= 16 ? ' WITH INHERIT FALSE, SET TRUE' : '';
  await trx.raw(`GRANT ${schemaName} TO CURRENT_USER${options}`);
  await trx.raw(`CREATE SCHEMA IF NOT EXISTS ${schemaName} AUTHORIZATION ${schemaName}`);
}

/** Drops the schema with all it holds, and the role. Both may be gone already. */
export async function dropTenantSchema(trx: Knex.Transaction, schemaName: string): Promise<void> {
  assertSchemaName(schemaName);
  const { rows } = await trx.raw('SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = ?', [schemaName]);
  if (rows.length === 0) return;
  // Only its owner may drop a schema, and the application's role inherits nothing from the owner.
  await asTenantRole(trx, schemaName, () => trx.raw(`DROP SCHEMA IF EXISTS ${schemaName} CASCADE`));
  await trx.raw(`DROP ROLE ${schemaName}`);
}

/**
 * Runs statements as a tenant's role inside a transaction of the application's role, then goes back: for DDL, where
 * one transaction must hold both the tenant's objects and the shared rows that describe them.
 */
export async function asTenantRole<R>(
  trx: Knex.Transaction,
  schemaName: string,
  fn: () => PromiseLike<R>,
): Promise<R> {
  assertSchemaName(schemaName);
  await trx.raw(`SET LOCAL ROLE ${schemaName}; SET LOCAL search_path=${schemaName},${EXTENSIONS_SCHEMA}`);
  const result = await fn();
  // After an error the transaction is aborted and nothing can be set; the rollback restores both.
  await trx.raw(`SET LOCAL ROLE NONE; SET LOCAL search_path=${EXTENSIONS_SCHEMA}`);
  return result;
}
