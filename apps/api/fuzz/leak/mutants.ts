import type { Tenancy, TenantRef } from '@preau/tenancy';
import type { Database } from '../../src/database/database.ts';

interface TransactionMaker {
  transaction(container: unknown, config: { opening?: string } | undefined, outer: unknown): unknown;
}

/** Changes the message that opens each transaction. */
function rewriteOpenings(database: Database, rewrite: (opening: string) => string): Database {
  const client = database.knex.client as TransactionMaker;
  const make = client.transaction.bind(client);
  client.transaction = (container, config, outer) =>
    make(container, config?.opening ? { ...config, opening: rewrite(config.opening) } : config, outer);
  return database;
}

/** The tenant as a variable that everybody shares, read when it is needed and not when it was meant. */
function shareTenant(tenancy: Tenancy): Tenancy {
  let current: TenantRef;
  const asCurrent =
    (kind: 'read' | 'write'): Tenancy['read'] =>
    async (tenant, fn) => {
      current = tenant;
      await new Promise((resolve) => setImmediate(resolve));
      return tenancy[kind](current, (scope) => fn({ ...scope, tenant }));
    };
  return { ...tenancy, read: asCurrent('read'), write: asCurrent('write') };
}

/** The classic ways to get it wrong. A fuzzer that does not catch each of them proves nothing. */
export const MUTANTS: Readonly<Record<string, (database: Database) => Database>> = {
  'settings of the session': (database) =>
    rewriteOpenings(database, (opening) => opening.replaceAll('SET LOCAL', 'SET')),
  'settings without a transaction': (database) =>
    rewriteOpenings(database, (opening) =>
      opening.replaceAll('SET LOCAL', 'SET').replace(/^BEGIN(?: READ ONLY)?;/, ''),
    ),
  'a path without a role': (database) =>
    rewriteOpenings(database, (opening) => opening.replace(/SET LOCAL ROLE \w+;/, '')),
  'a shared variable': (database) => ({ ...database, tenancy: shareTenant(database.tenancy) }),
};
