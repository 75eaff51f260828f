import type { Knex } from 'knex';
import { EXTENSIONS_SCHEMA } from '../run/opening.ts';
import { together } from '../run/together.ts';
import { assertSchemaName } from '../tenant-ref.ts';

/** The only place that knows how a tenant's schema and role are made and dropped. */

/** Major version of the server, which knex asked for when it connected. */
const serverMajor = (trx: Knex.Transaction): number =>
  Number.parseInt((trx.client as { version: string }).version, 10);

/** Goes on as the tenant, in the same transaction. */
export const becomeTenant = (schemaName: string): string =>
  `SET LOCAL ROLE ${schemaName};SET LOCAL search_path=${schemaName},${EXTENSIONS_SCHEMA}`;

/** Goes back to the application's role. */
export const becomeApplication = `SET LOCAL ROLE NONE;SET LOCAL search_path=${EXTENSIONS_SCHEMA}`;

/**
 * The statement that makes a role, unless it was made ahead.
 *
 * The application's role may become the tenant's but inherits nothing from it: from PostgreSQL 16 by the grant itself,
 * on 15 because the application's role is NOINHERIT. It is granted by its creation and not by GRANT, which looks at every
 * role that the application's may become: 25 ms with 5,000 of them.
 */
export function tenantRoleText(trx: Knex.Transaction, schemaName: string): string {
  assertSchemaName(schemaName);
  const [settings, member] =
    serverMajor(trx) >= 16
      ? ["PERFORM set_config('createrole_self_grant', 'set', true);", '']
      : ['', ' ROLE CURRENT_USER'];
  return `DO $$BEGIN IF to_regrole('${schemaName}') IS NULL THEN ${settings}CREATE ROLE ${schemaName} NOLOGIN NOINHERIT${member};END IF;END$$`;
}

/** The statement that makes the schema a role owns. Fails when it exists already. */
export function ownedSchemaText(schemaName: string): string {
  assertSchemaName(schemaName);
  return `CREATE SCHEMA ${schemaName} AUTHORIZATION ${schemaName}`;
}

/** The statements that make a new role and the schema it owns. */
export const tenantSchemaText = (trx: Knex.Transaction, schemaName: string): string =>
  `${tenantRoleText(trx, schemaName)};${ownedSchemaText(schemaName)}`;

const roleExists = async (trx: Knex.Transaction, schemaName: string): Promise<boolean> => {
  assertSchemaName(schemaName);
  const { rows } = await trx.raw('SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = ?', [schemaName]);
  return rows.length > 0;
};

/** Drops the schema with all it holds. It may be gone already. */
export async function dropOwnedSchema(trx: Knex.Transaction, schemaName: string): Promise<void> {
  if (!(await roleExists(trx, schemaName))) return;
  // Only the owner may drop what it owns, in its schema or beside it; the application's role inherits nothing from it.
  await asTenantRole(trx, schemaName, () => trx.raw(`DROP OWNED BY ${schemaName} CASCADE`));
}

/** Drops the role, which owns nothing any more. It may be gone already. */
export async function dropTenantRole(trx: Knex.Transaction, schemaName: string): Promise<void> {
  if (await roleExists(trx, schemaName)) await trx.raw(`DROP ROLE ${schemaName}`);
}

/** Drops the schema with all it holds, and the role. Both may be gone already. */
export async function dropTenantSchema(trx: Knex.Transaction, schemaName: string): Promise<void> {
  await dropOwnedSchema(trx, schemaName);
  await dropTenantRole(trx, schemaName);
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
  await trx.raw(becomeTenant(schemaName));
  const result = await fn();
  // After an error the transaction is aborted and nothing can be set; the rollback restores both.
  await trx.raw(becomeApplication);
  return result;
}

/**
 * The same for statements that are sent together: `send` must have sent all of them when it returns. Statements that are sent
 * behind it find the application's role again.
 */
export async function sendAsTenant(
  trx: Knex.Transaction,
  schemaName: string,
  send: () => readonly PromiseLike<unknown>[],
): Promise<void> {
  assertSchemaName(schemaName);
  await together([trx.raw(becomeTenant(schemaName)), ...send(), trx.raw(becomeApplication)]);
}
