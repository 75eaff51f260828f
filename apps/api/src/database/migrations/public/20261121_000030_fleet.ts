import { DROP_FLEET_TABLES, FLEET_TABLES } from '@preau/tenancy';
import type { Knex } from 'knex';

/** What runs of the fleet migrator leave behind: one row a run, and one a run and school. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(FLEET_TABLES);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(DROP_FLEET_TABLES);
}
