import { createMigrator, type Ladder, type Migration, type Migrator, type Tenancy } from '@preau/tenancy';
import type { TestApp } from './harness.ts';

/** A migration that runs one statement each way. */
export const step = (name: string, up: string, down: string): Migration => ({
  name,
  up: (trx) => trx.raw(up),
  down: (trx) => trx.raw(down),
});

/** The product's migrator as the next release would have it: with more migrations for schools. */
export function nextRelease(t: TestApp, ...more: Migration[]): { tenancy: Tenancy; migrator: Migrator } {
  const { ladders } = t.database.migrator;
  const tenant: Ladder = {
    digest: 'next',
    migrations: [...ladders.tenant.migrations, ...more],
  };
  return {
    tenancy: t.database.tenancy,
    migrator: createMigrator({ knex: t.database.knex, ladders: { ...ladders, tenant } }),
  };
}
