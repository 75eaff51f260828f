import type { Knex } from 'knex';

/** Roles that are made and belong to no school yet. A role is the server's and not the database's, so no constraint ties them. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE public.ready_roles (
      role_name text PRIMARY KEY CHECK (role_name ~ '^t_[0-9a-f]{16}$'),
      made_at timestamptz NOT NULL DEFAULT now()
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE public.ready_roles');
}
