import type { Knex } from 'knex';

/** Schemas that are built and belong to no school yet: each is a schema with a version like any other. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE public.ready_schemas (
      schema_name text PRIMARY KEY REFERENCES public.schema_versions (schema_name) ON DELETE CASCADE
        CHECK (schema_name ~ '^t_[0-9a-f]{16}$'),
      built_at timestamptz NOT NULL DEFAULT now()
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE public.ready_schemas');
}
